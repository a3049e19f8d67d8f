// Proofs of control that an edge shows in TLS handshakes (RFC 8737 §3), in the directory that certificates are delivered into:
// `<directory>/_acme-tls/<name>/proof.pem` is certificate and key in one, so that one rename puts both in place. The edge makes `_acme-tls`
// where it shows what stands there; nothing here does, so that nobody takes it for granted of a server that does not.
import { createPrivateKey, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isProvedInHandshake, proofCertificate } from '@hostmaster/core/acme/proof-certificate';
import type { HandshakeProofs } from '@hostmaster/core/acme/proofs';
import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { toPem } from '@hostmaster/core/pki/chain';
import { newSerial } from '@hostmaster/core/pki/serial';
import { signerFor } from '@hostmaster/core/pki/signer';
import { generateKey } from '../keys/generate-key.ts';
import { deliveryError } from './directory.ts';

/** What an edge makes that shows proofs. No hostname begins so. */
export const handshakeProofsFolder = (directory: string): string => join(directory, '_acme-tls');

/** Errors: invalid-input for a wildcard, and what is no host name in A-labels. */
function folderOf(directory: string, hostname: string): string {
  if (isProvedInHandshake(hostname)) return join(handshakeProofsFolder(directory), hostname);
  throw new HostmasterError(
    'invalid-input',
    'Control is shown in a handshake for a host name in lower-case A-labels, and for no wildcard.',
  );
}

/** The file that an edge looks at, certificate and key in PEM. Errors: invalid-input for a wildcard, and what is no host name in A-labels. */
export const handshakeProofFile = (directory: string, hostname: string): string => join(folderOf(directory, hostname), 'proof.pem');

/** What was begun and not renamed when a worker died goes with the folder. */
export const directoryProofs = (directory: string, clock: Clock): HandshakeProofs => ({
  async areShown() {
    const folder = handshakeProofsFolder(directory);
    try {
      return (await stat(folder)).isDirectory();
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
      throw deliveryError(error, folder);
    }
  },

  async show({ hostname, keyAuthorization }) {
    const folder = folderOf(directory, hostname);
    const { pkcs8 } = await generateKey('ecdsa-p256');
    const signer = signerFor(createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }));
    const certificate = await proofCertificate({ hostname, keyAuthorization, serial: newSerial(), now: clock.now() }, signer);
    const begun = join(folder, randomUUID());
    try {
      await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      await writeFile(begun, toPem(certificate) + toPem(pkcs8, 'PRIVATE KEY'), { flag: 'wx', mode: 0o600 });
      await rename(begun, handshakeProofFile(directory, hostname));
    } catch (error) {
      await rm(begun, { force: true }).catch(() => undefined);
      throw deliveryError(error, folder);
    }
  },

  async hide(hostname) {
    const folder = folderOf(directory, hostname);
    await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
      throw deliveryError(error, folder);
    });
  },
});
