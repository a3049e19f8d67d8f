// Of millions of entries that anybody can have logged, which concern somebody here, and by what each is known.
import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { testAuthority } from '../pki/testing/authority.ts';
import { foundEntry } from './found-entry.ts';
import { precertificateFingerprint } from './precertificate.ts';

const authority = await testAuthority();
const found = async (names: readonly string[], apexes: readonly string[] = ['example.test']) =>
  foundEntry({ tbs: null, chain: [await authority.leaf({ names })] }, apexes);

describe('an entry concerns somebody here', () => {
  it('by a name in whatever case', async () =>
    expect((await found(['pay.OTHER.test'], ['other.test']))?.facts.names).toEqual(['pay.other.test']));

  it.each([[['notexample.test']], [['example.test.other.test']], [['example.testing']]])(
    'and not by %j, which only reads like one',
    async (names) => expect(await found(names)).toBeNull(),
  );

  it('and nobody knows where it speaks of a name and cannot be read', () =>
    expect(foundEntry({ tbs: null, chain: [Buffer.from('example.test')] }, ['example.test'])).toBeUndefined());
});

it('a certificate is known by all of it, and a precertificate by what is to be signed', async () => {
  const chain = [await authority.leaf()];
  const tbs = authority.tbs();
  const [certificate, precertificate] = [null, tbs].map((signed) => foundEntry({ tbs: signed, chain }, ['example.test']));
  expect([certificate?.precertificate, certificate?.facts.fingerprint]).toEqual([false, hash('sha256', chain[0] ?? '', 'hex')]);
  expect([precertificate?.precertificate, precertificate?.facts.fingerprint]).toEqual([true, hash('sha256', tbs, 'hex')]);
  expect(precertificateFingerprint(chain[0] ?? new Uint8Array())).toBe(precertificate?.facts.fingerprint);
});
