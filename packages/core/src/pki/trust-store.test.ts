import { createHash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { testAuthority } from './testing/authority.ts';
import { jksTrustStore, pkcs7Bundle, pkcs12TrustStore, type TrustAnchor } from './trust-store.ts';

let anchors: readonly TrustAnchor[];
beforeAll(async () => {
  const roots = [await testAuthority(['example.test'], new Date(0)), await testAuthority(['example.test'], new Date(0))];
  anchors = roots.map(({ root }, index) => ({ certificate: root, alias: `root-${index}`, since: new Date(1_700_000_000_000) }));
});

const stores = (of: readonly TrustAnchor[]) => [
  pkcs12TrustStore(of, 'changeit'),
  jksTrustStore(of, 'changeit'),
  pkcs7Bundle(of.map(({ certificate }) => certificate)),
];

it('the same roots give the same bytes, and others give others', () => {
  const [first, again, fewer] = [stores(anchors), stores(anchors), stores(anchors.slice(0, 1))];
  expect(again).toEqual(first);
  for (const [index, store] of fewer.entries()) expect(store).not.toEqual(first[index]);
});

it('every root stands in every store, whole', () => {
  for (const store of stores(anchors))
    for (const { certificate } of anchors) expect(Buffer.from(store).includes(Buffer.from(certificate))).toBe(true);
});

it('a JKS ends with the digest that tells a damaged one, or another password', () => {
  const store = Buffer.from(jksTrustStore(anchors, 'changeit'));
  const password = Buffer.from('changeit', 'utf16le').swap16();
  const [body, digest] = [store.subarray(0, -20), store.subarray(-20)];
  expect(createHash('sha1').update(password).update('Mighty Aphrodite').update(body).digest()).toEqual(digest);
});
