// Judges a leaf before it is signed. The lint reads the finished to-be-signed bytes back with the strict reader, so a
// fault in the builder is found as surely as a wrong order. Each rule is one named predicate; any finding refuses the
// certificate, and all findings are told at once. Sources: RFC 5280 §4, RFC 6125 §6.4, Baseline Requirements §7.1.
// What holds for a CA below the root as well is among the common rules (lint-intermediate.ts).

import { toUnicode } from 'tr46';
import { type Address, parseAddress } from '../address/address.ts';
import { HostmasterError, type Violation } from '../errors.ts';
import { parseHostname } from '../hostname/parse-hostname.ts';
import { isPublicSuffix } from '../hostname/public-suffix.ts';
import { leafSubject } from './build-certificate.ts';
import { type Certificate, ownKeyIdentifier, readTbsCertificate, type TbsCertificate } from './certificate.ts';
import { listAddress, shardOf } from './crl-shard.ts';
import { children, type DerValue, readAscii, readNamedBits, readOid, readSmallInteger } from './der-reader.ts';
import {
  type AlternativeNames,
  type NameConstraints,
  readBasicConstraints,
  readNameConstraints,
  readSubjectAltName,
  satisfiesAddressConstraints,
  satisfiesNameConstraints,
  satisfiesUriConstraints,
} from './extensions.ts';
import { keyIdentifier, type PublicKey } from './key-policy.ts';
import { type LeafContent, otherNames, purposes, serverContent } from './leaf-content.ts';
import { hoursInWords } from './lifetime.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { type CertificateProfile, longestValidity } from './profile.ts';
import { signatureAlgorithm } from './signer.ts';
import { parseSpiffeId } from './spiffe-id.ts';

/** Who signs. */
export type LintIssuer = { readonly issuer: Certificate; readonly issuerAlgorithm: PublicKey['algorithm'] };

export type LintContext = LintIssuer & {
  readonly profile: CertificateProfile;
  /** The requester's key, already judged by the key policy. */
  readonly publicKey: PublicKey;
  /** What is ordered beside names and key; that of a server where left out. */
  readonly content?: LeafContent;
  /** For how long it is ordered; as long as the profile gives where left out. */
  readonly hours?: number;
};

export type LintFinding = { readonly rule: string; readonly reason: string };

/** Why a certificate breaks the rule, or null. */
export type Lint<Context> = (certificate: TbsCertificate, context: Context, names: readonly string[]) => string | null;

export const same = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
export const unless = (holds: boolean, reason: string): string | null => (holds ? null : reason);
const firstOf = (names: readonly string[], judge: (name: string) => string | null): string | null => {
  for (const name of names) {
    const reason = judge(name);
    if (reason !== null) return reason;
  }
  return null;
};

type IssuerFacts = { readonly keyIdentifier: Uint8Array; readonly constraints: NameConstraints | null };
const factsOf = new WeakMap<Certificate, IssuerFacts>();

/** What the rules ask of the issuer with every leaf, read once. */
function issuerFacts(issuer: Certificate): IssuerFacts {
  const known = factsOf.get(issuer);
  if (known !== undefined) return known;
  const constraints = issuer.extensions.get(id.nameConstraints);
  const facts = {
    keyIdentifier: ownKeyIdentifier(issuer),
    constraints: constraints === undefined ? null : readNameConstraints(constraints.value),
  };
  factsOf.set(issuer, facts);
  return facts;
}

const explained: ReadonlySet<string> = new Set([
  id.keyUsage,
  id.extendedKeyUsage,
  id.subjectAltName,
  id.subjectKeyIdentifier,
  id.authorityKeyIdentifier,
  id.authorityInfoAccess,
  id.crlDistributionPoints,
  id.tlsFeature,
]);

/** Why a SAN entry is not a host name in A-label form, or null. A leftmost `*` label is judged by its own rules. */
function nameFault(name: string): string | null {
  if (name.includes('_')) return `${name} holds an underscore.`;
  const labels = name.replace(/^\*\./, '').split('.');
  if (name.length > 253 || labels.some((label) => label.length > 63)) return `${name} is longer than a name may be.`;
  if (!labels.every((label) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label))) return `${name} is not a lower-case host name of A-labels.`;
  if (labels.length < 2) return `${name} is not fully qualified.`;
  if (/^\d+$/.test(labels.at(-1) ?? '')) return `${name} looks like an address.`;
  const broken = labels.some((label) => label.slice(2, 4) === '--' && (!label.startsWith('xn--') || toUnicode(label).error));
  return broken ? `${name} holds a label that looks like an A-label and is none.` : null;
}

/** The addresses that an extension of GeneralNames holds, however deep. */
export function uris(value: DerValue | undefined): string[] {
  if (value === undefined) return [];
  if (value.tag === 0x86) return [readAscii(value.content)];
  return (value.tag & 0x20) === 0 ? [] : children(value).flatMap(uris);
}

/** The addresses of one method of access (RFC 5280 §4.2.2.1). */
function accessTo(extensions: TbsCertificate['extensions'], method: string): string[] {
  const value = extensions.get(id.authorityInfoAccess)?.value;
  const descriptions = value === undefined ? [] : children(value).map((description) => children(description, 2));
  return descriptions.filter(([name]) => readOid(name) === method).flatMap(([, location]) => uris(location));
}

/** Over TLS, whoever verifies would need the answer before the question (RFC 5280 §8); a doubled slash is another address. */
export const isPlainHttp = (url: string): boolean => /^http:\/\/[^/?#]+(?:\/[^/?#]+)+$/.test(url) && URL.canParse(url);

export const serialOutOfBounds = 'The serial is not positive with 8 to 20 octets.';
/** @param serial contents of the INTEGER */
export function isSerialInBounds(serial: Uint8Array): boolean {
  const magnitude = serial[0] === 0 ? serial.length - 1 : serial.length;
  return (serial[0] ?? 0x80) < 0x80 && magnitude >= 8 && serial.length <= 20;
}

/** What every certificate must hold, whoever signs it. */
export const rulesOfAnyIssuer: Readonly<Record<string, Lint<Pick<LintIssuer, 'issuer'>>>> = {
  'serial-bounds': ({ serial }) => unless(isSerialInBounds(serial), serialOutOfBounds),
  'validity-order': ({ notBefore, notAfter }) => unless(notBefore < notAfter, 'The validity ends before it begins.'),
  'validity-within-issuer': ({ notBefore, notAfter }, { issuer }) =>
    unless(notBefore >= issuer.notBefore && notAfter <= issuer.notAfter, 'The validity does not lie within that of the issuer.'),
  'issuer-name': (certificate, { issuer }) =>
    unless(same(certificate.issuer, issuer.subject), 'The issuer name is not the subject of the issuer.'),
  'issuer-is-a-ca': (_, { issuer }) => {
    const basic = issuer.extensions.get(id.basicConstraints);
    return unless(basic !== undefined && readBasicConstraints(basic.value).ca, 'The issuer is not a CA.');
  },
};

/** What every certificate that is signed here must hold. */
export const commonRules: Readonly<Record<string, Lint<LintIssuer>>> = {
  ...rulesOfAnyIssuer,
  'signature-algorithm': (certificate, { issuerAlgorithm }) =>
    unless(
      same(certificate.signatureAlgorithm, signatureAlgorithm(issuerAlgorithm)),
      "The signature algorithm does not match the issuer's key.",
    ),
  'key-identifiers': ({ extensions, spki }, { issuer }) => {
    const authority = extensions.get(id.authorityKeyIdentifier);
    const expected = issuerFacts(issuer).keyIdentifier;
    const authorityOk = authority !== undefined && same(children(authority.value)[0]?.content, expected);
    return unless(
      authorityOk && same(extensions.get(id.subjectKeyIdentifier)?.value.content, keyIdentifier(spki)),
      'The key identifiers are not those of the issuer and the subject.',
    );
  },
};

/** What everyone must hold who can be revoked. */
export const revocableRules: Readonly<Record<string, Lint<LintIssuer>>> = {
  'revocation-and-issuer-urls': ({ extensions }) =>
    unless(
      [uris(extensions.get(id.crlDistributionPoints)?.value), accessTo(extensions, id.caIssuers)].every(
        (urls) => urls.length > 0 && urls.every(isPlainHttp),
      ),
      'The CRL distribution point or the caIssuers address is missing or not plain http.',
    ),
};

const purposesOf = (extensions: TbsCertificate['extensions']): readonly string[] => {
  const extension = extensions.get(id.extendedKeyUsage);
  return extension === undefined ? [] : children(extension.value).map(readOid);
};
const octetsOf = (address: string): Address => parseAddress(address) ?? [];
const noNames: AlternativeNames = { dns: [], addresses: [], uris: [], otherTags: [] };
const alternativeNames = ({ extensions }: TbsCertificate): AlternativeNames => {
  const altName = extensions.get(id.subjectAltName);
  return altName === undefined ? noNames : readSubjectAltName(altName.value);
};

const leafRules: Readonly<Record<string, Lint<LintContext>>> = {
  'ocsp-url': ({ extensions }) => {
    const urls = accessTo(extensions, id.ocsp);
    return unless(urls.length === 1 && urls.every(isPlainHttp), 'The address of the OCSP responder is missing or not plain http.');
  },
  // The list of another shard would never say that it is revoked.
  'crl-of-its-shard': ({ extensions, serial }) => {
    const urls = uris(extensions.get(id.crlDistributionPoints)?.value);
    const own = listAddress('.crl', shardOf(Buffer.from(serial).toString('hex')));
    return unless(
      urls.every((url) => url.endsWith(own)),
      `The CRL distribution point is not that of its serial's shard, which ends in ${own}.`,
    );
  },
  'validity-within-profile': ({ notBefore, notAfter }, { profile, hours }) =>
    unless(
      notAfter.getTime() - notBefore.getTime() + 1000 <= longestValidity(profile, hours),
      `The lifetime exceeds the ${hoursInWords(hours ?? profile.lifetimeDays * 24)} that were ordered, or the ${profile.mostDays} days of the profile ${profile.name}.`,
    ),
  'key-policy': (certificate, { publicKey, profile }) =>
    unless(
      same(certificate.spki, publicKey.spki) && profile.keyAlgorithms.includes(publicKey.algorithm),
      `The key is not the one that was judged, or the profile ${profile.name} does not allow ${publicKey.algorithm}.`,
    ),
  'san-present': (_, __, names) => unless(names.length > 0, 'There is no subjectAltName.'),
  'san-count': (_, { profile }, names) => unless(names.length <= profile.maxNames, `There are more than ${profile.maxNames} names.`),
  'san-unique': (_, __, names) => unless(new Set(names).size === names.length, 'A name appears twice.'),
  'san-as-ordered': (certificate, { content = serverContent }) => {
    const { addresses, uris: found, otherTags } = alternativeNames(certificate);
    const ok = otherTags.length === 0 && [...addresses, ...found].join(' ') === otherNames(content).join(' ');
    return unless(ok, 'A subjectAltName that is no DNS name is not one that was ordered, or one that was is missing.');
  },
  'san-addresses': (certificate, { issuer }) => {
    const { constraints } = issuerFacts(issuer);
    return firstOf(alternativeNames(certificate).addresses, (address) =>
      unless(
        constraints !== null && constraints.addresses.permitted.length > 0 && satisfiesAddressConstraints(constraints, octetsOf(address)),
        `The issuer may not issue for ${address}.`,
      ),
    );
  },
  // X.509-SVID §2: exactly one URI, where there is any.
  'san-spiffe-id': (certificate, { issuer }) => {
    const { uris: found } = alternativeNames(certificate);
    const { constraints } = issuerFacts(issuer);
    return unless(
      found.length <= 1 &&
        found.every((one) => parseSpiffeId(one) !== null && (constraints === null || satisfiesUriConstraints(constraints, one))),
      'A URI is no SPIFFE ID, or the issuer may not issue for it, or there is more than one.',
    );
  },
  'san-host-names': (_, __, names) => firstOf(names, nameFault),
  'wildcard-leftmost': (_, __, names) =>
    firstOf(names, (name) =>
      unless(
        !name.slice(1).includes('*') && (!name.startsWith('*') || name.startsWith('*.')),
        `${name}: only the whole leftmost label may be a wildcard.`,
      ),
    ),
  'wildcard-public-suffix': (_, __, names) =>
    firstOf(names, (name) => {
      const base = name.startsWith('*.') ? parseHostname(name.slice(2)) : null;
      return unless(base?.ok !== true || !isPublicSuffix(base.hostname), `${name} covers a public suffix.`);
    }),
  'subject-in-san': ({ subject, extensions }, _, names) => {
    const first = leafSubject(names);
    const empty = subject.length === 2;
    if (empty)
      return unless(extensions.get(id.subjectAltName)?.critical === true, 'The subject is empty and the subjectAltName not critical.');
    return unless(same(subject, first), 'The subject is not the first of the names.');
  },
  'name-constraints': (_, { issuer }, names) => {
    const { constraints } = issuerFacts(issuer);
    if (constraints === null) return 'The issuer has no name constraints.';
    return firstOf(names, (name) => unless(satisfiesNameConstraints(constraints, name), `The issuer may not issue for ${name}.`));
  },
  'key-usage': ({ extensions }) => {
    const extension = extensions.get(id.keyUsage);
    const ok = extension?.critical === true && readNamedBits(extension.value).join() === '0';
    return unless(ok, 'The key usage is not critical with digitalSignature alone.');
  },
  'extended-key-usage': ({ extensions }, { content = serverContent }) =>
    unless(
      purposesOf(extensions).join() === content.usages.map((one) => purposes[one]).join(),
      `The extended key usage is not for a ${content.usages.join(' and a ')} alone, as ordered.`,
    ),
  // Verifiers hold a leaf against what those above it are for, though RFC 5280 leaves that open (§4.2.1.12).
  'extended-key-usage-of-issuer': ({ extensions }, { issuer }) => {
    const above = purposesOf(issuer.extensions);
    return unless(
      above.length === 0 || purposesOf(extensions).every((one) => above.includes(one)),
      'The issuer is not for everything that the extended key usage says.',
    );
  },
  'tls-feature': ({ extensions }, { content = serverContent }) => {
    const extension = extensions.get(id.tlsFeature);
    const features = extension === undefined ? [] : children(extension.value).map(readSmallInteger);
    const ok = extension?.critical !== true && features.join() === (content.mustStaple ? '5' : '');
    return unless(ok, 'The TLS feature is not status_request alone (RFC 7633 §4), or was not ordered, or is missing.');
  },
  'not-a-ca': ({ extensions }) => {
    const extension = extensions.get(id.basicConstraints);
    return unless(extension === undefined || !readBasicConstraints(extension.value).ca, 'A leaf may not be a CA.');
  },
  'known-extensions': ({ extensions }) =>
    unless(
      [...extensions.keys()].every((name) => explained.has(name)),
      'There is an extension that no rule of ours explains.',
    ),
};

/** Every broken rule of to-be-signed bytes; empty when they may be signed. Bytes that cannot be read are one finding. */
export function findings<Context>(
  tbs: Uint8Array,
  context: Context,
  ...rules: readonly Readonly<Record<string, Lint<Context>>>[]
): readonly LintFinding[] {
  try {
    const certificate = readTbsCertificate(tbs);
    const altName = certificate.extensions.get(id.subjectAltName);
    const names = altName === undefined ? [] : readSubjectAltName(altName.value).dns;
    return rules.flatMap(Object.entries<Lint<Context>>).flatMap(([rule, judge]) => {
      const reason = judge(certificate, context, names);
      return reason === null ? [] : [{ rule, reason }];
    });
  } catch (error) {
    if (error instanceof HostmasterError) return [{ rule: 'readable', reason: error.message }];
    throw error;
  }
}

/** Every broken rule of a leaf's to-be-signed bytes; empty when it may be signed. */
export const lintLeaf = (tbs: Uint8Array, context: LintContext): readonly LintFinding[] =>
  findings(tbs, context, commonRules, revocableRules, leafRules);

/** Refuses what the lint found fault with. Errors: issuer-refused, with a violation for each finding. */
export function refuseFindings(findings: readonly LintFinding[]): void {
  if (findings.length === 0) return;
  const violations: Violation[] = findings.map(({ rule, reason }) => ({
    rule,
    path: 'certificate',
    reason,
    remedy: 'Change the order so that it satisfies this rule of the profile.',
  }));
  const rules = findings.map(({ rule }) => rule).join(', ');
  const reasons = findings.map(({ reason }) => reason).join(' ');
  throw new HostmasterError('issuer-refused', `The certificate would break its profile (${rules}): ${reasons}`, { violations });
}
