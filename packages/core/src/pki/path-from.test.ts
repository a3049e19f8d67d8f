import { expect, it } from 'vitest';
import { type IssuerIdentity, intermediateTbs, leafTbs, rootTbs, signStructure } from './build-certificate.ts';
import { readCertificate } from './certificate.ts';
import { keyIdentifier } from './key-policy.ts';
import { pathFrom } from './path-from.ts';
import { freshKey, testAuthority, testUrls } from './testing/authority.ts';

const authority = await testAuthority();
const draft = authority.draft();
const organisation = 'Example';

/** A CA by its name and key, which others sign for. */
const named = (commonName: string) => ({ commonName, signer: freshKey().signer });
type Named = ReturnType<typeof named>;
const self = async ({ commonName, signer }: Named) =>
  signStructure(rootTbs({ ...draft, spki: signer.spki, commonName, organisation }, signer.algorithm), signer);
async function identity(one: Named): Promise<IssuerIdentity> {
  return {
    subject: readCertificate(await self(one)).subject,
    keyIdentifier: keyIdentifier(one.signer.spki),
    algorithm: one.signer.algorithm,
  };
}
const signedBy = async (above: Named, below: Named, notAfter = draft.notAfter) => {
  const subject = { ...draft, notAfter, spki: below.signer.spki, commonName: below.commonName, organisation };
  return signStructure(intermediateTbs(subject, await identity(above), ['example.test'], testUrls), above.signer);
};
const leafBy = async (above: Named) => {
  const names = ['orders.example.test'];
  return signStructure(leafTbs({ ...draft, names, spki: freshKey().signer.spki }, await identity(above), testUrls), above.signer);
};

const [root, upper, lower] = [named('Root'), named('Upper'), named('Lower')];
const all = { root: await self(root), upper: await signedBy(root, upper), lower: await signedBy(upper, lower), leaf: await leafBy(lower) };
const right = [all.leaf, all.lower, all.upper];

it.each([
  ['in order', [all.lower, all.upper, all.root]],
  ['in the wrong order', [all.root, all.upper, all.lower]],
  ['twice, and the leaf with them', [all.upper, all.leaf, all.lower, all.upper, all.lower]],
  ['beside some that have nothing to do with it', [authority.intermediate, all.upper, authority.root, all.lower]],
])('a chain is found among certificates %s, and its root is left out', (_, others) => expect(pathFrom(all.leaf, others)).toEqual(right));

it('of a leaf that a root signed itself is the leaf alone', async () => {
  const leaf = await leafBy(root);
  expect(pathFrom(leaf, [all.lower, all.root])).toEqual([leaf]);
});

it('goes as far as there are certificates', () => expect(pathFrom(all.leaf, [all.lower])).toEqual([all.leaf, all.lower]));

it('ends where two CAs have signed each other', async () => {
  const [one, other] = [named('One'), named('Other')];
  const [oneBy, otherBy] = [await signedBy(other, one), await signedBy(one, other)];
  const leaf = await leafBy(one);
  expect(pathFrom(leaf, [otherBy, oneBy])).toEqual([leaf, oneBy, otherBy]);
});

it('takes of a CA that two have signed the certificate that is valid longest', async () => {
  const older = await signedBy(named('Older root'), upper, new Date(draft.notAfter.getTime() - 1000));
  expect(pathFrom(all.leaf, [older, all.upper, all.lower])).toEqual(right);
});

it('is none where none signed the leaf, whatever its name, and where one cannot be read', async () => {
  const namesake = await self(named('Lower'));
  expect(() => pathFrom(all.leaf, [all.root, namesake])).toThrow('None of the certificates signed the first one.');
  expect(() => pathFrom(all.leaf, [])).toThrow('None of the certificates signed the first one.');
  expect(() => pathFrom(all.leaf, [new Uint8Array([1, 2, 3])])).toThrow(expect.objectContaining({ code: 'invalid-input' }));
});
