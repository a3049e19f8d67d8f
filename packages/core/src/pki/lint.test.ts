import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { type LeafDraft, leafTbs } from './build-certificate.ts';
import { readCertificate } from './certificate.ts';
import { checkPublicKey } from './key-policy.ts';
import { type LintContext, lintLeaf, refuseFindings } from './lint.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { serverProfile } from './profile.ts';
import { signatureAlgorithm } from './signer.ts';
import { freshKey, testAuthority, testNow, testUrls, withExtensions } from './testing/authority.ts';

const authority = await testAuthority(['example.test', 'co.uk', 'xn--mnchen-3ya.test', '1']);
const context: LintContext = {
  profile: serverProfile,
  issuer: authority.issuer,
  issuerAlgorithm: 'ecdsa-p256',
  publicKey: checkPublicKey(authority.leafKey.spki),
};
/** The rules that are broken; each says why, in a sentence. */
const rulesBroken = (tbs: Uint8Array, changes: Partial<LintContext> = {}): string[] =>
  lintLeaf(tbs, { ...context, ...changes }).map(({ rule, reason }) => {
    expect(reason).toMatch(/^\S.*\.$/);
    return rule;
  });
const day = 86_400_000;

/** The bytes with one run of octets replaced by another of the same length; how a faulty builder would write them. */
function patched(tbs: Uint8Array, from: string, to: string): Uint8Array {
  const text = Buffer.from(tbs).toString('hex');
  expect(text.split(from)).toHaveLength(2);
  expect(to).toHaveLength(from.length);
  return Buffer.from(text.replace(from, to), 'hex');
}

describe('what may be signed', () => {
  it.each([
    ['one name', {}],
    ['a wildcard', { names: ['*.orders.example.test'] }],
    ['an IDN', { names: ['xn--mnchen-3ya.example.test'] }],
    ['a name too long for the subject', { names: [`${'a'.repeat(60)}.example.test`] }],
    ['the longest labels', { names: [`${'a'.repeat(63)}.example.test`] }],
    ['the longest name', { names: [`${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(48)}.example.test`] }],
    ['hyphens within labels, where no A-label has them', { names: ['a--b.c-d.example.test', '1.example.test'] }],
    ['a second of validity', { notAfter: new Date(testNow.getTime() - 299_000) }],
    ['the first second of its issuer', { notBefore: authority.issuer.notBefore, notAfter: testNow }],
    ['a hundred names', { names: Array.from({ length: 100 }, (_, n) => `a${n}.example.test`) }],
  ] satisfies [string, Partial<LeafDraft>][])('%s', (_, changes) => {
    expect(rulesBroken(authority.tbs(changes))).toEqual([]);
  });
});

describe('an order that breaks a rule', () => {
  const names = (...list: string[]): Partial<LeafDraft> => ({ names: list });
  it.each([
    ['validity-order', { notAfter: new Date(testNow.getTime() - day) }],
    ['validity-order', { notAfter: new Date(testNow.getTime() - 300_000) }],
    ['validity-within-profile', { notAfter: new Date(testNow.getTime() - 300_000 + 90 * day) }],
    ['validity-within-issuer', { notBefore: new Date(testNow.getTime() - 2 * day), notAfter: testNow }],
    ['san-count', names(...Array.from({ length: 101 }, (_, n) => `a${n}.example.test`))],
    ['san-unique', names('a.example.test', 'a.example.test')],
    ['san-host-names', names('a_b.example.test')],
    ['san-host-names', names('A.example.test')],
    ['readable', names('münchen.example.test')],
    ['san-host-names', names('xn--0.example.test')],
    ['san-host-names', names('ab--cd.example.test')],
    ['san-host-names', names('-a.example.test')],
    ['san-host-names', names('a-.example.test')],
    ['san-host-names', names('good.example.test', 'bad_.example.test')],
    ['san-host-names', names(`${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(49)}.example.test`)],
    ['san-host-names', names('a.1')],
    ['san-host-names', names('a..example.test')],
    ['san-host-names', names('a.example.test.')],
    ['san-host-names', names('127.0.0.1')],
    ['san-host-names', names('example')],
    ['san-host-names', names(`${'a'.repeat(64)}.example.test`)],
    ['wildcard-leftmost', names('a.*.example.test')],
    ['wildcard-leftmost', names('a*.example.test')],
    ['wildcard-leftmost', names('*a.example.test')],
    ['wildcard-leftmost', names('*')],
    ['wildcard-leftmost', names('*.*.example.test')],
    ['wildcard-public-suffix', names('*.co.uk')],
    ['san-host-names', names('*.test')],
    ['name-constraints', names('a.example.com')],
    ['name-constraints', names('a.evilexample.test')],
    ['name-constraints', names('good.example.test', 'bad.example.org')],
    ['key-policy', { spki: freshKey().signer.spki }],
    ['san-present', names()],
  ] satisfies [string, Partial<LeafDraft>][])('%s: %j', (rule, changes) => {
    expect(rulesBroken(authority.tbs(changes))).toContain(rule);
  });

  it.each([
    [1, 65 * 60_000],
    [24, day],
    [730 * 24, 730 * day],
    [9000 * 24, 825 * day],
  ])('one of %d hours: no second more is signed than is ordered', (hours, most) => {
    const broken = (length: number) => rulesBroken(authority.tbs({ notAfter: new Date(testNow.getTime() - 301_000 + length) }), { hours });
    expect([broken(most), broken(most + 1000)]).toEqual([[], ['validity-within-profile']]);
  });

  it('a key algorithm outside the profile', () => {
    expect(rulesBroken(authority.tbs(), { profile: { ...serverProfile, keyAlgorithms: ['ecdsa-p384'] } })).toEqual(['key-policy']);
  });

  it.each([
    ['to its last second', 0, []],
    ['a second longer', 1000, ['validity-within-issuer']],
  ])('a leaf that is valid while its issuer is, %s', (_, longer, broken) => {
    const { notAfter } = authority.issuer;
    const changes = { notBefore: new Date(notAfter.getTime() - 30 * day), notAfter: new Date(notAfter.getTime() + longer) };
    expect(rulesBroken(authority.tbs(changes))).toEqual(broken);
  });

  it('an issuer that is not one', async () => {
    const leaf = readCertificate(await authority.leaf());
    expect(rulesBroken(authority.tbs(), { issuer: leaf })).toEqual(
      expect.arrayContaining(['issuer-is-a-ca', 'name-constraints', 'issuer-name', 'key-identifiers']),
    );
  });
});

describe('bytes that a faulty builder would write', () => {
  const tbs = authority.tbs();
  it.each([
    ['serial-bounds', '021077b4eaa9', '0210f7b4eaa9'],
    ['signature-algorithm', '06082a8648ce3d0403023', '06082a8648ce3d0403033'],
    [
      'san-as-ordered',
      `8213${Buffer.from('orders.example.test').toString('hex')}`,
      `8613${Buffer.from('orders.example.test').toString('hex')}`,
    ],
    ['key-usage', '0101ff040403020780', '0101ff040403020106'],
    ['extended-key-usage', '06082b06010505070301', '06082b06010505070302'],
    ['known-extensions', '0603551d1f', '0603551d24'],
    [
      'subject-in-san',
      `0c13${Buffer.from('orders.example.test').toString('hex')}`,
      `0c13${Buffer.from('others.example.test').toString('hex')}`,
    ],
  ])('%s', (rule, from, to) => {
    expect(rulesBroken(patched(tbs, from, to))).toContain(rule);
  });

  it.each([
    ['the CRL', { crl: 'ldap://pki.example.test/issuing.crl' }, ['revocation-and-issuer-urls']],
    ['the issuer', { certificate: 'https://pki.example.test/issuing.cer' }, ['revocation-and-issuer-urls']],
    ['OCSP', { ocsp: 'https://pki.example.test/ocsp/issuing' }, ['ocsp-url']],
    ['OCSP, with a slash at its end', { ocsp: 'http://pki.example.test/ocsp/issuing/' }, ['ocsp-url']],
    ['OCSP, and none', { ocsp: '' }, ['ocsp-url']],
    ['a list that is not that of its shard', { crl: 'http://pki.example.test/issuing.pem' }, ['crl-of-its-shard']],
  ])('an address that is not plain http: of %s', (_, urls, broken) => {
    expect(rulesBroken(leafTbs(authority.draft(), authority.identity, { ...testUrls, ...urls }))).toEqual(broken);
  });

  it('the list of the shard of another serial', () => {
    const [own, other] = [authority.tbs(), authority.tbs({ serial: '77B4EAA99F4B01F75323A69A8C327C01' })];
    const pointers = (from: Uint8Array): Uint8Array => {
      let found = new Uint8Array();
      withExtensions(from, (all) => {
        found = Uint8Array.from(all.get(id.crlDistributionPoints) ?? []);
      });
      return found;
    };
    expect(rulesBroken(withExtensions(own, (all) => all.set(id.crlDistributionPoints, pointers(other))))).toEqual(['crl-of-its-shard']);
  });

  it('a basicConstraints that makes the leaf a CA', () => {
    // The certificate of the intermediate, judged as if it were a leaf.
    expect(rulesBroken(authority.issuer.tbs)).toEqual(
      expect.arrayContaining(['not-a-ca', 'key-usage', 'san-present', 'validity-within-profile']),
    );
  });

  it('an issuer key of another algorithm', () => {
    expect(Buffer.from(tbs).indexOf(Buffer.from(signatureAlgorithm('ecdsa-p256')))).toBeGreaterThan(0);
    expect(rulesBroken(tbs, { issuerAlgorithm: 'rsa' })).toContain('signature-algorithm');
  });

  it('bytes that cannot be read are one finding, and nothing throws', () => {
    for (let at = 0; at < tbs.length; at += 1) {
      const broken = Uint8Array.from(tbs, (octet, index) => (index === at ? octet ^ 0xff : octet));
      expect(Array.isArray(lintLeaf(broken, context))).toBe(true);
    }
    expect(rulesBroken(new Uint8Array([1]))).toEqual(['readable']);
  });
});

it('every finding becomes a violation of one refusal that names its rule', () => {
  expect(() => refuseFindings([])).not.toThrow();
  try {
    refuseFindings(lintLeaf(authority.tbs({ names: ['a_b.example.com'] }), context));
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(HostmasterError);
    if (!(error instanceof HostmasterError)) return;
    expect(error.code).toBe('issuer-refused');
    expect(error.violations.map(({ rule }) => rule).sort()).toEqual(['name-constraints', 'san-host-names']);
    expect(error.violations).toMatchObject(error.violations.map(() => ({ path: 'certificate', remedy: expect.stringMatching(/\.$/) })));
    expect(error.message).toBe(
      'The certificate would break its profile (san-host-names, name-constraints): a_b.example.com holds an underscore. The issuer may not issue for a_b.example.com.',
    );
  }
});
