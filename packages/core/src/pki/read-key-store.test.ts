// What key export writes is read again, and what is hostile is refused before it costs anything. Files of others are read in
// packages/adapters/src/issuers/read-key-store.integration.test.ts.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { maxKeyStoreLength } from './brought-certificate.ts';
import { toPem } from './chain.ts';
import { contextConstructed, derNull, integer, octetString, oid, sequence } from './der.ts';
import { newRecipient, recipientOf, sealTo } from './hpke.ts';
import { jks, jksKey, jksTrusted } from './jks.ts';
import { jksKeyStore, pkcs12KeyStore } from './key-store-file.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { bag, pfx, plainContent } from './pkcs12.ts';
import { readKeyStore } from './read-key-store.ts';
import { testAuthority } from './testing/authority.ts';

const { root, intermediate } = await testAuthority();
const chain = [intermediate, root];
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' });
const privateKey = newKey();
const stored = { privateKey, chain, alias: 'orders' };
const refused = async (file: Uint8Array, passphrase = ''): Promise<string[]> => {
  try {
    await readKeyStore(file, passphrase);
    return [];
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    return error.violations.map(({ rule }) => rule);
  }
};
const whole = { keys: [privateKey], certificates: chain };
const read = async (file: Uint8Array, passphrase: string) => {
  const { keys, certificates } = await readKeyStore(file, passphrase);
  return { keys: keys.map((each) => Buffer.from(each)), certificates: certificates.map((each) => Uint8Array.from(each)) };
};

describe('what key export writes', () => {
  it.each(['modern', 'legacy'] as const)('as PKCS #12 with %s ciphers is read, whatever the passphrase', async (strength) => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 30 }), async (passphrase) => {
        expect(await read(pkcs12KeyStore(stored, passphrase, strength, randomBytes), passphrase)).toEqual(whole);
      }),
      { numRuns: 5 },
    );
  });

  it('as JKS is read, whatever the passphrase', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 30 }), async (passphrase) => {
        expect(await read(jksKeyStore(stored, passphrase, new Date(), randomBytes), passphrase)).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  });

  it.each([
    ['PKCS #12', pkcs12KeyStore(stored, 'right', 'modern', randomBytes)],
    ['an older PKCS #12', pkcs12KeyStore(stored, 'right', 'legacy', randomBytes)],
    ['JKS', jksKeyStore(stored, 'right', new Date(), randomBytes)],
  ])('as %s says that the passphrase is wrong, or missing, in so many words', async (_, file) => {
    expect(await refused(file, 'wrong')).toEqual(['import-passphrase']);
    await expect(readKeyStore(file, '')).rejects.toThrow('It needs a passphrase, and none was given.');
  });
});

describe('PEM', () => {
  const keyPem = toPem(privateKey, 'PRIVATE KEY');
  const chainPem = chain.map((der) => toPem(der)).join('');
  it('is read in any order, and what stands twice counts once', async () => {
    const text = `subject=CN = orders\n${chainPem}${keyPem}${chainPem}`;
    expect(await read(Buffer.from(text), '')).toEqual(whole);
  });

  it.each(['pkcs1', 'sec1'] as const)('with a key in %s is read', async (type) => {
    const key =
      type === 'sec1'
        ? generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
        : generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const text = key.export({ format: 'pem', type });
    expect((await read(Buffer.from(text.toString()), '')).keys).toEqual([key.export({ format: 'der', type: 'pkcs8' })]);
  });

  it.each(['aes-256-cbc', 'aes-128-cbc', 'des-ede3-cbc'])('with a key under %s is read with its passphrase', async (cipher) => {
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const text = key.export({ format: 'pem', type: 'pkcs8', cipher, passphrase: 'geheim ü' });
    expect((await read(Buffer.from(text.toString()), 'geheim ü')).keys).toEqual([key.export({ format: 'der', type: 'pkcs8' })]);
    expect(await refused(Buffer.from(text.toString()), 'geheim')).toEqual(['import-passphrase']);
  });

  it('with a key as OpenSSL encrypted it before PKCS #8 is refused with the way out', async () => {
    const old =
      '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n';
    await expect(readKeyStore(Buffer.from(old), 'x')).rejects.toThrow('openssl pkcs8 -topk8');
  });
});

/** A store of these bags, under a password. */
const storeOf = (content: Uint8Array, iterations = 1): Uint8Array =>
  pfx([plainContent(content)], { hash: 'sha1', password: 'x', salt: Buffer.alloc(8), iterations });
const keyBag = (key: Uint8Array): Uint8Array => bag(id.pkcs12KeyBag, key);
/** Bags in bags. */
const nested = (depth: number): Uint8Array =>
  depth === 0 ? sequence(keyBag(privateKey)) : sequence(bag(id.pkcs12SafeContentsBag, nested(depth - 1)));
const shrouded = (algorithm: Uint8Array): Uint8Array =>
  sequence(bag(id.pkcs12ShroudedKeyBag, sequence(algorithm, octetString(Buffer.alloc(64)))));
const pbe = (iterations: number): Uint8Array =>
  sequence(oid(id.pbeWithSha1And3DesCbc), sequence(octetString(Buffer.alloc(8)), integer(iterations)));
const pbes2 = (derivation: Uint8Array): Uint8Array =>
  sequence(oid(id.pbes2), sequence(derivation, sequence(oid(id.aes256Cbc), octetString(Buffer.alloc(16)))));
const pbkdf2 = (iterations: number): Uint8Array =>
  sequence(oid(id.pbkdf2), sequence(octetString(Buffer.alloc(8)), integer(iterations), sequence(oid(id.hmacWithSha256), derNull)));
const scrypt = (N: number, r: number, p = 1): Uint8Array =>
  sequence(oid(id.scrypt), sequence(octetString(Buffer.alloc(8)), integer(N), integer(r), integer(p)));

/** What has a MAC that would take hours, which nobody must wait for. */
function withCostlyMac(): Uint8Array {
  const safe = sequence(plainContent(nested(0)));
  const digest = sequence(sequence(oid(id.sha1), derNull), octetString(Buffer.alloc(20)));
  return sequence(
    integer(3),
    sequence(oid(id.pkcs7Data), contextConstructed(0, octetString(safe))),
    sequence(digest, octetString(Buffer.alloc(8)), integer(2 ** 31 - 1)),
  );
}
const p12 = pkcs12KeyStore(stored, 'x', 'legacy', randomBytes);

describe('hostile', () => {
  // What OpenSSL leaves in its queue of errors would end the process here, which is how a file once ended a worker.
  afterEach(async () => {
    const { publicKey } = await newRecipient();
    await sealTo(await recipientOf(publicKey), Buffer.from('what the process seals next'), 'test');
  });

  it('bags that nest a little are read', async () => expect((await read(storeOf(nested(3)), 'x')).keys).toEqual([privateKey]));

  it.each<[string, Uint8Array]>([
    ['bags that nest deep', storeOf(nested(20))],
    ['more bags than a store has', storeOf(sequence(...Array.from({ length: 200 }, () => keyBag(privateKey))))],
    ['a MAC that takes hours', withCostlyMac()],
    ['a key that takes hours', storeOf(shrouded(pbe(2 ** 31 - 1)))],
    ['a key that takes hours under PBKDF2', storeOf(shrouded(pbes2(pbkdf2(2 ** 31 - 1))))],
    ['a key that takes all memory under scrypt', storeOf(shrouded(pbes2(scrypt(2 ** 24, 1024))))],
    ['a key that takes long under scrypt, many times a little', storeOf(shrouded(pbes2(scrypt(2, 1, 2 ** 19))))],
    ['a key under a scrypt with a cost that its block size does not allow', storeOf(shrouded(pbes2(scrypt(2 ** 17, 1))))],
    ['a key under a scrypt at the first such cost', storeOf(shrouded(pbes2(scrypt(2 ** 16, 1))))],
    ['a MAC and a key that take too long together', storeOf(shrouded(pbe(400_000)), 200_000)],
    ['an algorithm that nobody knows', storeOf(shrouded(sequence(oid('1.2.3.4'), derNull)))],
    ['a key that is none', storeOf(sequence(keyBag(sequence(integer(1)))))],
    ['what is too large', Buffer.alloc(maxKeyStoreLength + 1, 0x30)],
    ['a JCEKS', Buffer.from('cececece00000002', 'hex')],
    ['a text', Buffer.from('Dear all, find attached the certificate.')],
    ['nothing', Buffer.alloc(0)],
    ['a certificate alone', root],
    ['a JKS with entries without end', Buffer.concat([Buffer.from('feedfeed000000027fffffff', 'hex'), Buffer.alloc(40)])],
    ['a JKS with a key of a password of its own', jks([jksKey({ ...stored, since: new Date() }, 'another', randomBytes(20))], 'x')],
  ])('%s is refused', async (_, file) => expect(await refused(file, 'x')).toEqual(['import-readable']));

  it('whatever is cut off or turned, the answer is one of ours', async () => {
    const files = [p12, pkcs12KeyStore(stored, 'x', 'modern', randomBytes), jksKeyStore(stored, 'x', new Date(), randomBytes)];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.nat(), fc.nat(255), fc.boolean(), async (file, at, octet, cut) => {
        const place = at % file.length;
        const bad = cut ? file.subarray(0, place) : Buffer.from(file);
        if (!cut) bad[place] = octet;
        for (const rule of await refused(bad, 'x')) expect(['import-readable', 'import-passphrase']).toContain(rule);
      }),
      { numRuns: 100 },
    );
  });
});

it('a JKS with what is trusted beside the key is read', async () => {
  const trusted = jksTrusted({ alias: 'root', since: new Date(), certificate: root });
  const file = jks([trusted, jksKey({ ...stored, since: new Date() }, 'x', randomBytes(20))], 'x');
  expect(await read(file, 'x')).toEqual({ keys: [privateKey], certificates: [root, intermediate] });
});

it('a store that is hashed long is read while other things are done', async () => {
  let others = 0;
  const tick = setInterval(() => {
    others += 1;
  }, 0);
  try {
    await read(storeOf(sequence(keyBag(privateKey)), 200_000), 'x');
  } finally {
    clearInterval(tick);
  }
  expect(others).toBeGreaterThan(1);
});

it('of two keys both are told', async () => {
  const file = storeOf(sequence(keyBag(privateKey), keyBag(newKey()), keyBag(privateKey)));
  expect((await read(file, 'x')).keys).toHaveLength(2);
});
