import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type AuthorityDraft, identityFor, intermediateTbs, leafTbs, signStructure, subjectAltName } from './build-certificate.ts';
import { readCertificate } from './certificate.ts';
import { chainFault, chainToPem, issuerChain, splitPem, toPem } from './chain.ts';
import { contextConstructed, contextPrimitive, derNull, derTrue, integer, namedBits, octetString, oid, sequence } from './der.ts';
import { children, readDer } from './der-reader.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { freshKey, testAuthority, testNow, testUrls, withExtensions } from './testing/authority.ts';

const authority = await testAuthority();
const leaf = await authority.leaf({ names: ['orders.example.test', '*.api.example.test'] });
const chain = [leaf, authority.intermediate];
const verify = (
  certificates: readonly Uint8Array[],
  host: string | null = 'orders.example.test',
  now = testNow,
  roots = [authority.root],
) => chainFault(certificates, roots, host, now);

describe('PEM bundles', () => {
  it('are split and written back', () => {
    const pem = chainToPem([...chain, authority.root]);
    expect(
      splitPem(`leading text\n${pem}`)
        .map((der) => toPem(der))
        .join(''),
    ).toBe(pem);
  });
  it.each([
    ['no certificate', 'hello', 'There is no CERTIFICATE block in the PEM text.'],
    ['something else', toPem(leaf, 'CERTIFICATE REQUEST'), 'There is no CERTIFICATE block in the PEM text.'],
    ['a broken certificate', toPem(new Uint8Array([1, 2, 3])), 'Not valid DER: a value runs past the end.'],
    ['too many certificates', toPem(leaf).repeat(11), 'A chain may hold at most 10 certificates.'],
    ['too much text', ' '.repeat(1024 * 1024 + 1), 'The PEM text is too large.'],
    ['as much text as may be', ' '.repeat(1024 * 1024), 'There is no CERTIFICATE block in the PEM text.'],
  ])('with %s are refused', (_, pem, message) => {
    expect(() => splitPem(pem)).toThrow(expect.objectContaining({ code: 'invalid-input', message }));
  });
  it('are none where an issuer keeps none, and only there', () => {
    expect(issuerChain('')).toEqual([]);
    expect(issuerChain(toPem(leaf))).toEqual([leaf]);
    expect(() => issuerChain('hello')).toThrow('no CERTIFICATE block');
  });
  it('hold up to ten certificates', () => {
    expect(splitPem(toPem(leaf).repeat(10))).toHaveLength(10);
  });
  it('have lines of 64 characters', () => {
    expect(toPem(new Uint8Array(49), 'X')).toBe(`-----BEGIN X-----\n${'A'.repeat(64)}\nAA==\n-----END X-----\n`);
  });
});

const foreign = await testAuthority();
const { notBefore: begins, notAfter: ends } = authority.draft();

describe('a chain', () => {
  it('verifies from its first moment to its last', () => {
    for (const moment of [begins, ends]) expect(verify(chain, null, moment)).toBeNull();
  });

  it('leads to an issuer that is trusted itself', () => {
    for (const certificates of [chain, [leaf]]) expect(verify(certificates, null, testNow, [authority.intermediate])).toBeNull();
  });

  it('verifies with and without its root, for its names and wildcards', () => {
    expect(verify(chain)).toBeNull();
    expect(verify([...chain, authority.root])).toBeNull();
    expect(verify(chain, 'v1.api.example.test')).toBeNull();
    expect(verify(chain, null)).toBeNull();
  });

  it.each([
    ['another host', () => verify(chain, 'other.example.test'), 'not for other.example.test'],
    ['two labels under a wildcard', () => verify(chain, 'a.b.api.example.test'), 'not for'],
    ['a time before', () => verify(chain, null, new Date(begins.getTime() - 1)), 'a certificate of the chain is not yet valid'],
    ['a time after', () => verify(chain, null, new Date(ends.getTime() + 1)), 'a certificate of the chain has expired'],
    ['the leaf alone', () => verify([leaf]), 'trusted root'],
    ['nothing', () => verify([]), 'the chain is empty or too long'],
    ['more than ten certificates', () => verify(Array.from({ length: 11 }, () => leaf)), 'the chain is empty or too long'],
    ['as many as may be that are no chain', () => verify(Array.from({ length: 10 }, () => leaf)), 'trusted root'],
    ['a root that it does not lead to', () => verify([...chain, foreign.root]), 'trusted root'],
    ['the issuer of another in its place', () => verify([leaf, foreign.intermediate], null, testNow, [foreign.root]), 'does not verify'],
    ['no roots', () => verify(chain, null, testNow, []), 'trusted root'],
    [
      'a changed signature',
      () => verify([Uint8Array.from(leaf, (octet, at) => (at === leaf.length - 1 ? octet ^ 1 : octet)), authority.intermediate]),
      'a signature in the chain does not verify',
    ],
    ['bytes that are no certificate', () => verify([new Uint8Array([1]), authority.intermediate]), 'DER'],
  ])('with %s does not', (_, run, reason) => {
    expect(run()).toContain(reason);
  });

  it('to a root of the same name and another key does not verify', async () => {
    const impostor = await testAuthority();
    expect(verify(chain, null, testNow, [impostor.root])).toContain('trusted root');
  });

  it('with a name outside the name constraints does not verify, though every signature does', async () => {
    const outside = await authority.leaf({ names: ['orders.example.com'] });
    expect(verify([outside, authority.intermediate], 'orders.example.com')).toContain('name constraints');
  });

  it('through a leaf that plays CA, or past a path length, does not verify', async () => {
    const sub = freshKey().signer;
    const asIssuer = identityFor(leaf, authority.leafKey);
    const forged = await signStructure(leafTbs(authority.draft({ names: ['a.example.test'] }), asIssuer, testUrls), authority.leafKey);
    expect(verify([forged, leaf, authority.intermediate], 'a.example.test')).toContain('not a CA');
    const draft: AuthorityDraft = { ...authority.draft(), spki: sub.spki, commonName: 'Sub', organisation: 'Example' };
    const subCa = await signStructure(intermediateTbs(draft, authority.identity, ['example.test'], testUrls), authority.signer);
    const below = await signStructure(leafTbs(authority.draft({ names: ['a.example.test'] }), identityFor(subCa, sub), testUrls), sub);
    expect(verify([below, subCa, authority.intermediate], 'a.example.test')).toContain('longer than');
  });
});

type Change = Parameters<typeof withExtensions>[1];
const critical = (name: string, value: Uint8Array) => sequence(oid(name), derTrue, octetString(value));

const leafWith = (change: Change) => signStructure(withExtensions(authority.tbs(), change), authority.signer);

describe('a leaf of another CA', () => {
  it.each<[string, string | null, Change]>([
    ['as we write it', null, () => {}],
    [
      'with a critical extension that nobody knows',
      'a certificate carries the unknown critical extension 1.2.3',
      (all) => all.set('x', critical('1.2.3', derNull)),
    ],
    ['with one that is not critical', null, (all) => all.set('x', sequence(oid('1.2.3'), octetString(derNull)))],
    [
      'for clients',
      'a certificate is not for servers',
      (all) => all.set(id.extendedKeyUsage, critical(id.extendedKeyUsage, sequence(oid('1.3.6.1.5.5.7.3.2')))),
    ],
    [
      'for clients and servers',
      null,
      (all) => all.set(id.extendedKeyUsage, critical(id.extendedKeyUsage, sequence(oid('1.3.6.1.5.5.7.3.2'), oid(id.serverAuth)))),
    ],
    ['for whatever there is', null, (all) => all.delete(id.extendedKeyUsage)],
    [
      'with an address beside its name',
      'the name constraints of an issuer exclude 0.0.0.0',
      (all) =>
        all.set(
          id.subjectAltName,
          critical(
            id.subjectAltName,
            sequence(contextPrimitive(2, Buffer.from('orders.example.test')), contextPrimitive(7, new Uint8Array(4))),
          ),
        ),
    ],
    ['with no name at all', 'the certificate is not for orders.example.test', (all) => all.delete(id.subjectAltName)],
    [
      'that is one of a CA',
      'the certificate is one of a CA, not of a server',
      (all) => all.set(id.basicConstraints, critical(id.basicConstraints, sequence(derTrue))),
    ],
    [
      'that may sign certificates',
      'the certificate is one of a CA, not of a server',
      (all) => all.set(id.keyUsage, critical(id.keyUsage, namedBits(0, 5))),
    ],
    [
      'that constrains names',
      'the certificate is one of a CA, not of a server',
      (all) => all.set(id.nameConstraints, critical(id.nameConstraints, sequence())),
    ],
    ['without a word on its key', null, (all) => all.delete(id.keyUsage)],
    [
      'with a star within a label',
      'the certificate is not for orders.example.test',
      (all) => all.set(id.subjectAltName, subjectAltName(['or*.example.test'], true)),
    ],
    ['with a critical name', null, (all) => all.set(id.subjectAltName, subjectAltName(['orders.example.test'], true))],
  ])('%s: %s', async (_, fault, change) => {
    expect(verify([await leafWith(change), authority.intermediate])).toBe(fault);
  });
});

describe('an issuer of another CA', () => {
  const { tbs } = readCertificate(authority.intermediate);
  const issuerWith = (change: Change) => signStructure(withExtensions(tbs, change), authority.rootSigner);
  const usage = (...bits: number[]) => critical(id.keyUsage, namedBits(...bits));
  const permitted = (...bases: readonly Uint8Array[]) =>
    critical(id.nameConstraints, sequence(contextConstructed(0, ...bases.map((base) => sequence(base)))));
  const dns = (name: string) => contextPrimitive(2, Buffer.from(name));

  it.each<[string, string | null, Change]>([
    ['as we write it', null, () => {}],
    ['that says nothing of its key', null, (all) => all.delete(id.keyUsage)],
    ['that may sign lists alone', 'an issuer may not sign certificates', (all) => all.set(id.keyUsage, usage(6))],
    ['that does not say that it is one', 'an issuer in the chain is not a CA', (all) => all.delete(id.basicConstraints)],
    [
      'that says that it is none',
      'an issuer in the chain is not a CA',
      (all) => all.set(id.basicConstraints, critical(id.basicConstraints, sequence())),
    ],
    [
      'with a path that is longer',
      null,
      (all) => all.set(id.basicConstraints, critical(id.basicConstraints, sequence(derTrue, integer(1)))),
    ],
    ['without name constraints', null, (all) => all.delete(id.nameConstraints)],
    [
      'for another suffix',
      'the name constraints of an issuer exclude orders.example.test',
      (all) => all.set(id.nameConstraints, permitted(dns('example.org'))),
    ],
    [
      'that constrains nothing',
      'an issuer carries name constraints that constrain nothing',
      (all) => all.set(id.nameConstraints, critical(id.nameConstraints, sequence())),
    ],
    [
      'whose own names lie outside those of its issuer',
      null,
      (all) => all.set(id.subjectAltName, subjectAltName(['ca.example.org'], false)),
    ],
    [
      'for a directory',
      'an issuer carries name constraints of a form that is not supported',
      (all) => all.set(id.nameConstraints, permitted(dns('example.test'), contextConstructed(4, sequence()))),
    ],
    [
      'for clients',
      'a certificate is not for servers',
      (all) => all.set(id.extendedKeyUsage, critical(id.extendedKeyUsage, sequence(oid('1.3.6.1.5.5.7.3.2')))),
    ],
  ])('%s: %s', async (_, fault, change) => {
    expect(verify([leaf, await issuerWith(change)])).toBe(fault);
  });

  it('without name constraints lets an address stand beside the name', async () => {
    const names = sequence(dns('orders.example.test'), contextPrimitive(7, new Uint8Array(4)));
    const withAddress = await leafWith((all) => all.set(id.subjectAltName, critical(id.subjectAltName, names)));
    expect(verify([withAddress, await issuerWith((all) => all.delete(id.nameConstraints))])).toBeNull();
  });
});

it('a leaf without a subject verifies where its names are critical, and there alone', async () => {
  const nameless = (critical: boolean) =>
    leafOf(withExtensions(authority.tbs(), (all) => all.set(id.subjectAltName, subjectAltName(['orders.example.test'], critical))));
  const leafOf = (tbs: Uint8Array) => signStructure(changed(tbs, 5, sequence()), authority.signer);
  expect(verify([await nameless(true), authority.intermediate])).toBeNull();
  expect(verify([await nameless(false), authority.intermediate])).toBe(
    'the certificate has no subject, and its alternative names are not critical',
  );
});

/** Another CA, of one key, below the one of these tests, and a leaf below it. */
async function below(change: { readonly subject?: Uint8Array; readonly altName?: string; readonly spki?: Uint8Array } = {}) {
  const key = freshKey().signer;
  const draft: AuthorityDraft = { ...authority.draft(), spki: key.spki, commonName: 'Below', organisation: 'Example' };
  const plain = intermediateTbs(draft, authority.identity, ['example.test'], testUrls);
  const named = withExtensions(plain, (all) => {
    if (change.altName !== undefined) all.set(id.subjectAltName, subjectAltName([change.altName], false));
  });
  const ca = await signStructure(changed(named, 5, change.subject), authority.signer);
  const tbs = leafTbs(authority.draft({ names: ['a.example.test'] }), identityFor(ca, key), testUrls);
  return { ca, leaf: await signStructure(changed(tbs, 6, change.spki), key) };
}

/** The to-be-signed bytes with another of their parts: 5 is the subject, 6 the public key. */
function changed(tbs: Uint8Array, part: number, other: Uint8Array | undefined): Uint8Array {
  return sequence(...children(readDer(tbs)).map(({ raw }, index) => (index === part ? (other ?? raw) : raw)));
}

describe('a chain of two intermediates', () => {
  const { tbs, subject } = readCertificate(authority.intermediate);
  /** The issuing CA, which lets one more stand below it. */
  const longer = () =>
    signStructure(
      withExtensions(tbs, (all) => all.set(id.basicConstraints, critical(id.basicConstraints, sequence(derTrue, integer(1))))),
      authority.rootSigner,
    );

  it('verifies where the upper one allows it, and the names of both are held against its constraints', async () => {
    const fine = await below({ altName: 'ca.example.test' });
    expect(verify([fine.leaf, fine.ca, await longer()], 'a.example.test')).toBeNull();
    const outside = await below({ altName: 'ca.example.org' });
    expect(verify([outside.leaf, outside.ca, await longer()], 'a.example.test')).toBe(
      'the name constraints of an issuer exclude ca.example.org',
    );
  });

  it('counts one that bears the name of its issuer in no path length, and holds its names against no constraints', async () => {
    const selfIssued = await below({ subject, altName: 'ca.example.org' });
    expect(verify([selfIssued.leaf, selfIssued.ca, authority.intermediate], 'a.example.test')).toBeNull();
  });

  it('with an issuer that has no name does not', async () => {
    const nameless = await below({ subject: sequence() });
    expect(verify([nameless.leaf, nameless.ca, await longer()], 'a.example.test')).toBe('an issuer in the chain has no name');
  });

  it('with a key that the key policy refuses does not', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const weak = await below({ spki: publicKey.export({ format: 'der', type: 'spki' }) });
    expect(verify([weak.leaf, weak.ca, await longer()], 'a.example.test')).toBe(
      'a certificate of the chain has a key that is too weak, or of a kind that is not taken',
    );
  });

  it('to a root beside which another one cannot be read does', () => {
    expect(verify(chain, null, testNow, [new Uint8Array([1]), authority.root])).toBeNull();
  });
});
