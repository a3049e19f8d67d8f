import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { toPem } from '@hostmaster/core/pki/chain';
import { integer, octetString, oid, sequence } from '@hostmaster/core/pki/der';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPrivateKey } from './read-private-key.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = publicKey.export({ format: 'der', type: 'spki' });
const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const openssl = (input: string, ...args: string[]) => execFileSync('openssl', args, { input, encoding: 'utf8' });
const refusalOf = (text: string, passphrase: string | null = null): string => {
  try {
    readPrivateKey(text, passphrase, spki);
  } catch (error) {
    if (error instanceof HostmasterError) return error.message;
    throw error;
  }
  return 'taken';
};

/** An encrypted key whose passphrase is stretched like this. */
const stretched = (name: string, ...numbers: readonly number[]): string => {
  const octets = (value: number) => Buffer.from(value.toString(16).padStart(8, '0'), 'hex');
  const costs = sequence(octetString(new Uint8Array(8)), ...numbers.map((value) => integer(octets(value))));
  const scheme = sequence(oid('2.16.840.1.101.3.4.1.42'), octetString(new Uint8Array(16)));
  const parameters = sequence(sequence(oid(name), costs), scheme);
  return toPem(sequence(sequence(oid('1.2.840.113549.1.5.13'), parameters), octetString(new Uint8Array(64))), 'ENCRYPTED PRIVATE KEY');
};

describe('a private key that somebody brings', () => {
  it.each([
    ['PKCS #8', () => pem, null],
    ['SEC 1', () => openssl(pem, 'ec'), null],
    ['PKCS #8 under PBKDF2', () => openssl(pem, 'pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', 'pass:sesame'), 'sesame'],
    ['PKCS #8 under scrypt', () => openssl(pem, 'pkcs8', '-topk8', '-scrypt', '-passout', 'pass:sesame'), 'sesame'],
  ] as const)('is read as %s, into the same octets', (_, written, passphrase) => {
    const read = readPrivateKey(written(), passphrase, spki);
    expect(createPublicKey(createPrivateKey({ key: read, format: 'der', type: 'pkcs8' })).equals(publicKey)).toBe(true);
  });

  it('is refused in words that tell nothing of it', () => {
    const encrypted = openssl(pem, 'pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', 'pass:sesame');
    expect(refusalOf(encrypted)).toMatch(/^It is encrypted, and no passphrase was given/);
    expect(refusalOf(encrypted, 'wrong')).toMatch(/^It cannot be opened with this passphrase/);
    expect(refusalOf(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())).toMatch(
      /^It is not the key/,
    );
    for (const text of ['', 'nothing', `${pem}${pem}`, pem.replace('END', 'ENDE'), 'x'.repeat(70_000)])
      expect(refusalOf(text)).toMatch(/^This is not one private key in PEM/);
    expect(refusalOf(openssl(pem, 'ec', '-aes256', '-passout', 'pass:sesame'), 'sesame')).toMatch(/^This is not one private key in PEM/);
  });

  it.each([
    ['PBKDF2', stretched('1.2.840.113549.1.5.12', 2_000_001)],
    ['PBKDF2, beyond all bounds', stretched('1.2.840.113549.1.5.12', 0x7fffffff)],
    ['scrypt', stretched('1.3.6.1.4.1.11591.4.11', 2 ** 18, 1, 2 ** 18)],
  ])('whose passphrase is stretched for ever by %s is not waited for', (_, text) => {
    expect(refusalOf(text, 'sesame')).toMatch(/^Its passphrase is stretched for so long/);
  });

  it('is refused, whatever it is made of', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('ENCRYPTED PRIVATE KEY', 'PRIVATE KEY', 'EC PRIVATE KEY'),
        (octets, label) => {
          expect(refusalOf(toPem(octets, label), 'sesame')).not.toBe('taken');
        },
      ),
    );
  });
});
