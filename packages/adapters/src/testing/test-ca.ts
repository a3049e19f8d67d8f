// An internal CA for the tests that need real certificates on real sockets, and leaves that are wrong in one way.

import { createPrivateKey, randomBytes } from 'node:crypto';
import { systemClock } from '@hostmaster/core/clock';
import { day } from '@hostmaster/core/duration';
import { authorityUrls, identityFor, leafTbs, signStructure } from '@hostmaster/core/pki/build-certificate';
import { chainToPem, toPem } from '@hostmaster/core/pki/chain';
import type { KeyName } from '@hostmaster/core/pki/profile';
import { newSerial } from '@hostmaster/core/pki/serial';
import { authoritySigner, createInternalCa } from '../issuers/authority.ts';
import { generateKey } from '../keys/generate-key.ts';
import { createKeyStore, generateWorkerKeys } from '../keys/key-store.ts';

const urls = authorityUrls('http://pki.example.test', 'issuing');

export async function createTestCa(permittedSuffixes: readonly string[] = ['example.test']) {
  const kek = randomBytes(32);
  const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
  const { root, intermediate } = await createInternalCa({ clock: systemClock, keyStore, organisation: 'Example', permittedSuffixes, urls });
  const signer = authoritySigner(intermediate, keyStore);
  const identity = identityFor(intermediate.certificate, signer);

  /** A leaf signed without the lint, so that tests can have what the issuer would refuse. */
  async function leaf(
    names: readonly string[],
    validity: { readonly notBefore?: Date; readonly notAfter?: Date } = {},
    keyName: KeyName = 'ecdsa-p256',
  ) {
    const { pkcs8, spki } = await generateKey(keyName);
    const now = Math.floor(Date.now() / 1000) * 1000;
    const { notBefore = new Date(now - 300_000), notAfter = new Date(now + 30 * day) } = validity;
    const serial = newSerial();
    const der = await signStructure(leafTbs({ serial, names, notBefore, notAfter, spki }, identity, urls), signer);
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    return {
      serial,
      notAfter,
      der,
      leafPem: toPem(der),
      fullchainPem: chainToPem([der, intermediate.certificate]),
      privateKeyPem: String(key.export({ format: 'pem', type: 'pkcs8' })),
    };
  }
  return { rootPem: toPem(root.certificate), intermediate: intermediate.certificate, leaf };
}
