import { generateKeyPairSync, hash, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readLogKey } from './log-key.ts';

const spkiOf = ({ publicKey }: { readonly publicKey: KeyObject }) => publicKey.export({ format: 'der', type: 'spki' });

// RFC 6962 §2.1.4.
describe('a log signs with', () => {
  it.each([
    ['P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['RSA of 2048 bits', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ])('%s, and its id is the SHA-256 of that key', (_, generate) => {
    const spki = spkiOf(generate());
    expect(readLogKey(spki)?.logId).toEqual(hash('sha256', spki, 'buffer'));
  });

  it.each([
    ['RSA of 1024 bits', () => generateKeyPairSync('rsa', { modulusLength: 1024 })],
    ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['Ed25519', () => generateKeyPairSync('ed25519')],
  ])('no %s', (_, generate) => expect(readLogKey(spkiOf(generate()))).toBeNull());
});
