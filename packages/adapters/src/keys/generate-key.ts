import { createPrivateKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { buildCsr } from '@hostmaster/core/pki/build-csr';
import { type KeyName, rsaBits } from '@hostmaster/core/pki/profile';
import { signerFor } from '@hostmaster/core/pki/signer';

const generate = promisify(generateKeyPair);

/** A fresh key pair: PKCS#8 and SubjectPublicKeyInfo, both DER. */
export type GeneratedKey = { readonly pkcs8: Uint8Array; readonly spki: Uint8Array };

/** Generates a key off the main thread; RSA takes up to a few seconds. */
export async function generateKey(name: KeyName): Promise<GeneratedKey> {
  const modulusLength = rsaBits(name);
  const { privateKey, publicKey } =
    modulusLength === null
      ? await generate('ec', { namedCurve: name === 'ecdsa-p256' ? 'P-256' : 'P-384' })
      : await generate('rsa', { modulusLength, publicExponent: 65537 });
  return { pkcs8: privateKey.export({ format: 'der', type: 'pkcs8' }), spki: publicKey.export({ format: 'der', type: 'spki' }) };
}

/** A certificate request (PKCS#10, DER) for DNS names as A-labels and what else is asked for, signed with the key as proof of possession. */
export async function createCsr(
  key: Pick<GeneratedKey, 'pkcs8'>,
  names: readonly string[],
  others?: Parameters<typeof buildCsr>[2],
): Promise<Uint8Array> {
  return buildCsr(signerFor(createPrivateKey({ key: Buffer.from(key.pkcs8), format: 'der', type: 'pkcs8' })), names, others);
}
