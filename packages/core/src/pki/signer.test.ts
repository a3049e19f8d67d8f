import { generateKeyPairSync, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { children, readDer, readOid } from './der-reader.ts';
import { signatureAlgorithm, signerFor } from './signer.ts';

const text = Buffer.from('to be signed');

it.each([
  ['ecdsa-p256', 'sha256', '1.2.840.10045.4.3.2', 1, generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['ecdsa-p384', 'sha384', '1.2.840.10045.4.3.3', 1, generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  ['rsa', 'sha256', '1.2.840.113549.1.1.11', 2, generateKeyPairSync('rsa', { modulusLength: 2048 })],
] as const)('a key %s signs with %s and says so, with parameters where they are asked for', async (algorithm, hash, name, parts, pair) => {
  const signer = signerFor(pair.privateKey);
  expect(signer.algorithm).toBe(algorithm);
  expect(Buffer.compare(signer.spki, pair.publicKey.export({ format: 'der', type: 'spki' }))).toBe(0);
  expect(verify(hash, text, pair.publicKey, await signer.sign(text))).toBe(true);
  const identifier = children(readDer(signatureAlgorithm(algorithm)));
  expect([readOid(identifier[0]), identifier.length]).toEqual([name, parts]);
});

it('a key that the key policy does not allow signs nothing', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-521' });
  expect(() => signerFor(privateKey)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
});
