import { objectIdentifiers as id } from './object-identifiers.ts';

/** The signatures that are taken from others, by algorithm: ECDSA and RSA (PKCS #1) with SHA-2 (RFC 5758 §3.2, RFC 4055 §5). */
export const signatureHashes: ReadonlyMap<string, { readonly hash: string; readonly rsa: boolean }> = new Map([
  [id.ecdsaWithSha256, { hash: 'sha256', rsa: false }],
  [id.ecdsaWithSha384, { hash: 'sha384', rsa: false }],
  [id.ecdsaWithSha512, { hash: 'sha512', rsa: false }],
  [id.sha256WithRsaEncryption, { hash: 'sha256', rsa: true }],
  [id.sha384WithRsaEncryption, { hash: 'sha384', rsa: true }],
  [id.sha512WithRsaEncryption, { hash: 'sha512', rsa: true }],
]);

export const isSafeSignature = (algorithm: string): boolean => signatureHashes.has(algorithm);
