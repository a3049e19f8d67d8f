import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { day } from '../duration.ts';
import { hostnameOf } from '../hostname/parse-hostname.ts';
import { type LeafDraft, leafTbs, rootTbs, signStructure } from './build-certificate.ts';
import { octetString, oid, sequence, tlv } from './der.ts';
import { judgeImported, type WantedCertificate } from './imported-certificate.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { signerFor } from './signer.ts';
import { freshKey, testAuthority, testNow, testUrls, withExtensions } from './testing/authority.ts';

const authority = await testAuthority();
const other = await testAuthority();
const { root, intermediate } = authority;
const { privateKey, signer } = freshKey();
const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
const leafOf = (draft: Partial<LeafDraft> = {}, change?: (all: Map<string, Uint8Array>) => void) => {
  const tbs = leafTbs({ ...authority.draft({ spki: signer.spki, ...draft }) }, authority.identity, testUrls);
  return signStructure(change === undefined ? tbs : withExtensions(tbs, change), authority.signer);
};
const extension = (kind: string, value: Uint8Array): Uint8Array => sequence(oid(kind), octetString(value));
const orders = [hostnameOf('orders.example.test')];
const wanted: WantedCertificate = { names: orders, key: null, now: testNow, authorities: [], roots: [] };
const judge = (certificates: readonly Uint8Array[], more: Partial<WantedCertificate> = {}, keys: readonly Uint8Array[] = [pkcs8]) =>
  judgeImported({ keys, certificates }, { ...wanted, ...more });
const rules = (...args: Parameters<typeof judge>): string[] => {
  const judged = judge(...args);
  return 'violations' in judged ? judged.violations.map(({ rule }) => rule) : [];
};
const leaf = await leafOf();

describe('what was brought is taken:', () => {
  it.each<[string, readonly Uint8Array[], Partial<WantedCertificate>]>([
    ['in order, with its root', [leaf, intermediate, root], {}],
    ['in the wrong order, with others', [other.root, root, other.intermediate, leaf, intermediate], {}],
    ['below a root that is known', [leaf, intermediate], { roots: [root] }],
    ['alone, where who signed it is known', [leaf], { authorities: [intermediate], roots: [other.root, root] }],
  ])('%s', (_, certificates, known) => {
    const judged = judge(certificates, known);
    if ('violations' in judged) throw new Error(judged.violations.map(({ reason }) => reason).join());
    expect(judged.imported.chain).toEqual([leaf, intermediate]);
    expect(judged.imported.root).toEqual(root);
    expect(judged.imported.signer).toEqual(intermediate);
    expect(judged.imported.facts).toMatchObject({ names: orders, keyAlgorithm: 'ecdsa-p256', serial: authority.draft().serial });
  });

  it('a wildcard stands for one label', async () => {
    const wild = [await leafOf({ names: ['*.example.test'] }), intermediate, root];
    expect(rules(wild)).toEqual([]);
    expect(rules(wild, { names: [hostnameOf('a.orders.example.test')] })).toEqual(['import-names']);
    expect(rules(wild, { names: [hostnameOf('example.test')] })).toEqual(['import-names']);
    expect(rules(wild, { names: [hostnameOf('*.example.test')] })).toEqual([]);
  });

  it('what it speaks for beyond that is told: alternative names and the common name, by which servers choose it, too', async () => {
    const others = async (names: readonly string[], alternative: readonly string[]) => {
      const dns = alternative.map((name) => tlv(0x82, [Buffer.from(name)]));
      const one = await leafOf({ names }, (all) => all.set(id.subjectAltName, extension(id.subjectAltName, sequence(...dns))));
      const judged = judge([one, intermediate, root]);
      return 'imported' in judged ? judged.imported.otherNames : judged.violations;
    };
    const own = 'orders.example.test';
    expect(await others([own], [own])).toEqual([]);
    expect(await others([own], ['Orders.Example.test', 'WWW.Bank.example.test', 'www.bank.example.test', '*.example.test'])).toEqual([
      'www.bank.example.test',
      '*.example.test',
    ]);
    expect(await others(['Www.Bank.example.test'], [own])).toEqual(['www.bank.example.test']);
    expect(await others(['www.bank.example.test\0.orders'], [own])).toEqual(['www.bank.example.test']);
    expect(await others(['Orders in production'], [own])).toEqual([]);
  });

  it('of two certificates for the same key the one that ends later', async () => {
    const { notAfter } = authority.draft();
    const older = await leafOf({ notAfter: new Date(notAfter.getTime() - day), serial: '1234567890ABCDEF' });
    const judged = judge([older, leaf, intermediate, root]);
    expect('imported' in judged && judged.imported.chain[0]).toEqual(leaf);
  });
});

const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const weakKey = weak.privateKey.export({ format: 'der', type: 'pkcs8' });
const above = [intermediate, root];
const begin = testNow.getTime();

describe('what was brought is refused:', () => {
  it.each<[string, () => Promise<readonly Uint8Array[]>, Partial<WantedCertificate>, readonly Uint8Array[] | undefined, string[]]>([
    ['without a key', async () => [leaf, ...above], {}, [], ['import-one-key']],
    ['with two keys', async () => [leaf, ...above], {}, [pkcs8, weakKey], ['import-one-key']],
    ['with the key of another', async () => [leaf, ...above], {}, [weakKey], ['import-key-matches']],
    ['without a certificate', async () => [], {}, undefined, ['import-key-matches']],
    ['below no root', async () => [leaf, intermediate], {}, undefined, ['import-chain']],
    ['below a root of others', async () => [leaf, intermediate], { roots: [other.root] }, undefined, ['import-chain']],
    ['without who signed it', async () => [leaf, root], {}, undefined, ['import-chain']],
    ['for another name', async () => [leaf, ...above], { names: [...orders, hostnameOf('www.example.test')] }, undefined, ['import-names']],
    ['with another key than the contract names', async () => [leaf, ...above], { key: 'rsa-2048' }, undefined, ['import-other-key']],
    ['once it has expired', async () => [leaf, ...above], { now: new Date(begin + 89.999 * day) }, undefined, ['import-validity']],
    ['a few days before its end', async () => [leaf, ...above], { now: new Date(begin + 84 * day) }, undefined, ['import-validity']],
    ['before it begins', async () => [leaf, ...above], { now: new Date(begin - day / 2) }, undefined, ['import-validity']],
    [
      'for clients',
      async () => [
        await leafOf({}, (all) => all.set(id.extendedKeyUsage, extension(id.extendedKeyUsage, sequence(oid('1.3.6.1.5.5.7.3.2'))))),
        ...above,
      ],
      {},
      undefined,
      ['import-purpose'],
    ],
    [
      'for no purpose',
      async () => [await leafOf({}, (all) => all.delete(id.extendedKeyUsage)), ...above],
      {},
      undefined,
      ['import-purpose'],
    ],
    [
      'the certificate of a CA',
      async () => [
        await leafOf({}, (all) => all.set(id.basicConstraints, extension(id.basicConstraints, sequence(Uint8Array.from([1, 1, 0xff]))))),
        ...above,
      ],
      {},
      undefined,
      ['import-leaf'],
    ],
  ])('%s', async (_, certificates, more, keys, expected) => {
    expect(rules(await certificates(), more, keys)).toEqual(expected);
  });

  it.each([
    ['extended key usage', id.extendedKeyUsage, oid('1.3.6.1.5.5.7.3.1')],
    ['extended key usage, which is no DER', id.extendedKeyUsage, Uint8Array.from([0x30, 0x7f])],
    ['alternative names', id.subjectAltName, octetString(Buffer.from('orders.example.test'))],
    ['basic constraints', id.basicConstraints, oid('1.2.3')],
  ])('one whose %s cannot be read', async (_, kind, value) => {
    const bad = await leafOf({}, (all) => all.set(kind, extension(kind, value)));
    expect(rules([bad, ...above])).toEqual(['import-readable']);
  });

  it('one that signed itself', async () => {
    const draft = { ...authority.draft({ spki: signer.spki }), commonName: 'orders.example.test', organisation: 'Us' };
    const own = await signStructure(rootTbs(draft, signer.algorithm), signerFor(privateKey));
    expect(rules([own])).toEqual(expect.arrayContaining(['import-leaf', 'import-names', 'import-chain']));
  });

  it('for everything that is wrong with it at once, each with what to do', async () => {
    const spki = weak.publicKey.export({ format: 'der', type: 'spki' });
    const bad = await leafOf({ spki, names: ['www.example.test'] }, (all) => all.delete(id.extendedKeyUsage));
    const judged = judge([bad], { now: new Date(begin + 88 * day) }, [weakKey]);
    const violations = 'violations' in judged ? judged.violations : [];
    expect(violations.map(({ rule }) => rule)).toEqual(['key-policy', 'import-names', 'import-validity', 'import-purpose', 'import-chain']);
    for (const each of violations)
      expect(each).toMatchObject({ path: 'file', reason: expect.stringMatching(/^\S.*\.$/), remedy: expect.stringMatching(/^\S.*\.$/) });
  });
});
