import { createPrivateKey } from 'node:crypto';
import { day } from '@hostmaster/core/duration';
import { authorityUrls, leafSubject, leafTbs, signStructure } from '@hostmaster/core/pki/build-certificate';
import { toPem } from '@hostmaster/core/pki/chain';
import { keyIdentifier } from '@hostmaster/core/pki/key-policy';
import { newSerial } from '@hostmaster/core/pki/serial';
import { signerFor } from '@hostmaster/core/pki/signer';
import { generateKey } from '../../keys/generate-key.ts';

/** A certificate for a name that is nobody's, signed by its own key, which is thrown away: nothing is lost wherever it goes. */
export async function placeholder(name: string, now: Date): Promise<{ readonly fullchainPem: string; readonly privateKeyPem: string }> {
  const { pkcs8, spki } = await generateKey('ecdsa-p256');
  const signer = signerFor(createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }));
  const seconds = Math.floor(now.getTime() / 1000) * 1000;
  const draft = { serial: newSerial(), names: [name], notBefore: new Date(seconds - day), notAfter: new Date(seconds + day), spki };
  const identity = { subject: leafSubject([name]), keyIdentifier: keyIdentifier(spki), algorithm: signer.algorithm };
  const der = await signStructure(leafTbs(draft, identity, authorityUrls(`http://${name}`, 'none')), signer);
  return { fullchainPem: toPem(der), privateKeyPem: toPem(pkcs8, 'PRIVATE KEY') };
}
