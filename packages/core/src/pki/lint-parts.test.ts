// Leaves that only a faulty builder would write: each part in the forms that it may and may not have.
import { describe, expect, it } from 'vitest';
import { authorityKey, subjectAltName } from './build-certificate.ts';
import { contextPrimitive, derNull, derTrue, namedBits, octetString, oid, sequence } from './der.ts';
import { children, readDer } from './der-reader.ts';
import { checkPublicKey } from './key-policy.ts';
import { type LintContext, lintLeaf } from './lint.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { serverProfile } from './profile.ts';
import { freshKey, testAuthority, testUrls, withExtensions } from './testing/authority.ts';

const authority = await testAuthority();
const context: LintContext = {
  profile: serverProfile,
  issuer: authority.issuer,
  issuerAlgorithm: 'ecdsa-p256',
  publicKey: checkPublicKey(authority.leafKey.spki),
};
const broken = (tbs: Uint8Array): string[] => lintLeaf(tbs, context).map(({ rule }) => rule);
const tbs = authority.tbs();
const other = await testAuthority();

const plain = (name: string, value: Uint8Array) => sequence(oid(name), octetString(value));
const critical = (name: string, value: Uint8Array) => sequence(oid(name), derTrue, octetString(value));
const uri = (url: string) => contextPrimitive(6, Buffer.from(url));
const access = (...to: readonly (readonly [method: string, url: string])[]) =>
  plain(id.authorityInfoAccess, sequence(...to.map(([method, url]) => sequence(oid(method), uri(url)))));
const { certificate: own, ocsp } = testUrls;

describe('a leaf with', () => {
  it.each<[string, string, Uint8Array | null, string[]]>([
    ['no key usage', id.keyUsage, null, ['key-usage']],
    ['a key usage that is not critical', id.keyUsage, plain(id.keyUsage, namedBits(0)), ['key-usage']],
    ['a further key usage', id.keyUsage, critical(id.keyUsage, namedBits(0, 2)), ['key-usage']],
    ['no purpose', id.extendedKeyUsage, null, ['extended-key-usage']],
    [
      'a further purpose',
      id.extendedKeyUsage,
      plain(id.extendedKeyUsage, sequence(oid(id.serverAuth), oid('1.3.6.1.5.5.7.3.2'))),
      ['extended-key-usage'],
    ],
    ['no key identifier of its own', id.subjectKeyIdentifier, null, ['key-identifiers']],
    [
      'the key identifier of another',
      id.subjectKeyIdentifier,
      plain(id.subjectKeyIdentifier, octetString(other.identity.keyIdentifier)),
      ['key-identifiers'],
    ],
    ['no key identifier of its issuer', id.authorityKeyIdentifier, null, ['key-identifiers']],
    ['that of another issuer', id.authorityKeyIdentifier, authorityKey(other.identity), ['key-identifiers']],
    ['an empty one of its issuer', id.authorityKeyIdentifier, plain(id.authorityKeyIdentifier, sequence()), ['key-identifiers']],
    ['nowhere to fetch its issuer and to ask', id.authorityInfoAccess, null, ['revocation-and-issuer-urls', 'ocsp-url']],
    ['nowhere to fetch its issuer', id.authorityInfoAccess, access([id.ocsp, ocsp]), ['revocation-and-issuer-urls']],
    [
      'somewhere else to fetch its issuer',
      id.authorityInfoAccess,
      access([id.ocsp, ocsp], [id.caIssuers, 'ldap://pki.example.test/a.cer']),
      ['revocation-and-issuer-urls'],
    ],
    ['nowhere to ask', id.authorityInfoAccess, access([id.caIssuers, own]), ['ocsp-url']],
    ['two places to ask', id.authorityInfoAccess, access([id.ocsp, ocsp], [id.ocsp, ocsp], [id.caIssuers, own]), ['ocsp-url']],
    ['nowhere to fetch a list', id.crlDistributionPoints, null, ['revocation-and-issuer-urls']],
    ['basic constraints that say no', id.basicConstraints, critical(id.basicConstraints, sequence()), ['known-extensions']],
    [
      'basic constraints that say yes',
      id.basicConstraints,
      critical(id.basicConstraints, sequence(derTrue)),
      ['not-a-ca', 'known-extensions'],
    ],
    ['something unknown', '1.2.3', plain('1.2.3', derNull), ['known-extensions']],
    [
      'an address beside its name',
      id.subjectAltName,
      plain(id.subjectAltName, sequence(contextPrimitive(2, Buffer.from('orders.example.test')), contextPrimitive(7, new Uint8Array(4)))),
      ['san-as-ordered', 'san-addresses'],
    ],
    ['no names', id.subjectAltName, null, ['san-present', 'subject-in-san']],
    ['names that are critical beside a subject', id.subjectAltName, subjectAltName(['orders.example.test'], true), []],
    [
      'another name before that of its subject',
      id.subjectAltName,
      subjectAltName(['api.example.test', 'orders.example.test'], false),
      ['subject-in-san'],
    ],
  ])('%s breaks %j', (_, name, extension, expected) => {
    const changed = withExtensions(tbs, (all) => {
      all.delete(name);
      if (extension !== null) all.set(name, extension);
    });
    expect(broken(changed)).toEqual(expected);
  });

  it('names that are not critical breaks a rule where there is no subject', () => {
    const long = `${'a'.repeat(60)}.example.test`;
    const nameless = withExtensions(authority.tbs({ names: [long] }), (all) => all.set(id.subjectAltName, subjectAltName([long], false)));
    expect(broken(nameless)).toEqual(['subject-in-san']);
  });
});

describe('a serial of', () => {
  const withSerial = (content: string) => {
    const [version, , ...rest] = children(readDer(tbs)).map(({ raw }) => raw);
    const octets = Buffer.from(content, 'hex');
    return sequence(version ?? derNull, Buffer.concat([Buffer.from([2, octets.length]), octets]), ...rest);
  };
  it.each([
    ['7 octets', '7f'.repeat(7), ['serial-bounds']],
    ['8 octets', '7f'.repeat(8), []],
    ['7 octets and one for the sign', `00${'ff'.repeat(7)}`, ['serial-bounds']],
    ['8 octets and one for the sign', `00${'ff'.repeat(8)}`, []],
    ['20 octets', '7f'.repeat(20), []],
    ['20 octets and one for the sign', `00${'ff'.repeat(20)}`, ['serial-bounds']],
    ['21 octets', '7f'.repeat(21), ['serial-bounds']],
    ['16 octets, less than nothing', '80'.repeat(16), ['serial-bounds']],
  ])('%s breaks %j', (_, content, expected) => {
    // Where its list is follows from it.
    expect(broken(withSerial(content)).filter((rule) => rule !== 'crl-of-its-shard')).toEqual(expected);
  });
});

it('a key that is not the one that was judged is found, whatever its algorithm', () => {
  const leaf = authority.tbs({ spki: freshKey('P-384').signer.spki });
  expect(broken(leaf)).toEqual(['key-policy']);
});

describe('a name that is no host name is told for what it is:', () => {
  const notLower = 'is not a lower-case host name of A-labels.';
  const noLabel = 'holds a label that looks like an A-label and is none.';
  it.each([
    ['a_b.example.test', 'holds an underscore.'],
    [`${'a'.repeat(64)}.example.test`, 'is longer than a name may be.'],
    [`${'a.'.repeat(121)}example.test`, 'is longer than a name may be.'],
    ['A.example.test', notLower],
    ['a$.example.test', notLower],
    ['a.-.example.test', notLower],
    ['a.*.example.test', notLower],
    ['a..example.test', notLower],
    ['example', 'is not fully qualified.'],
    ['*.example', 'is not fully qualified.'],
    ['192.0.2.1', 'looks like an address.'],
    ['example.10', 'looks like an address.'],
    ['ab--c.example.test', noLabel],
    ['xn--0.example.test', noLabel],
  ])('%s %s', (name, fault) => {
    const found = lintLeaf(authority.tbs({ names: ['a.example.test', name] }), context);
    expect(found.find(({ rule }) => rule === 'san-host-names')?.reason).toBe(`${name} ${fault}`);
  });

  it.each(['a.example.test', 'example.test', 'a.b1', 'a.1b', '1.example.test', 'a--b.example.test', 'xn--mnchen-3ya.example.test'])(
    '%s is one',
    (name) => {
      expect(broken(authority.tbs({ names: [name] }))).not.toContain('san-host-names');
    },
  );
});

it('a fault of our own is not taken for one of the certificate', () => {
  const faulty: LintContext = {
    ...context,
    get issuer(): never {
      throw new TypeError('broken');
    },
  };
  expect(() => lintLeaf(tbs, faulty)).toThrow(TypeError);
});
