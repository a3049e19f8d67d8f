// Reads the X.509 extensions that certificates, requests and the lint have in common (RFC 5280 §4.2).
import { type Address, type AddressRange, addressText, inRange } from '../address/address.ts';
import { HostmasterError } from '../errors.ts';
import { tag } from './der.ts';
import { children, type DerValue, expectTag, readAscii, readBoolean, readDer, readOid, readSmallInteger } from './der-reader.ts';

/** `value` is read when it is asked for, so that one which nobody here knows may hold what is no DER. Errors of reading it: invalid-input. */
export type Extension = { readonly critical: boolean; readonly value: DerValue };

/** Extensions by object identifier; the same one twice is refused (RFC 5280 §4.2). */
export function readExtensions(list: DerValue): ReadonlyMap<string, Extension> {
  const out = new Map<string, Extension>();
  for (const item of children(expectTag(list, tag.sequence, 'the extensions'), 64)) {
    const parts = children(expectTag(item, tag.sequence, 'an extension'), 3);
    const name = readOid(parts[0]);
    const critical = parts.length === 3 && readBoolean(parts[1]);
    if (out.has(name)) throw new HostmasterError('invalid-input', `Not valid: the extension ${name} appears twice.`);
    const { content } = expectTag(parts.at(-1), tag.octetString, 'an extension value');
    out.set(name, {
      critical,
      get value() {
        return readDer(content);
      },
    });
  }
  return out;
}

export type AlternativeNames = {
  readonly dns: readonly string[];
  readonly addresses: readonly string[];
  readonly uris: readonly string[];
  /** Context tags of whatever else there is. */
  readonly otherTags: readonly number[];
};

/** The names of a SAN as they stand, by their kind (RFC 5280 §4.2.1.6). */
export function readSubjectAltName(value: DerValue): AlternativeNames {
  const dns: string[] = [];
  const addresses: string[] = [];
  const uris: string[] = [];
  const otherTags: number[] = [];
  for (const name of children(expectTag(value, tag.sequence, 'the alternative names'), 1024)) {
    if (name.tag === 0x82) dns.push(readAscii(name.content));
    else if (name.tag === 0x86) uris.push(readAscii(name.content));
    else if (name.tag === 0x87 && isAddress(name.content)) addresses.push(addressText([...name.content]));
    else otherTags.push(name.tag & 0x1f);
  }
  return { dns, addresses, uris, otherTags };
}
const isAddress = ({ length }: Uint8Array): boolean => length === 4 || length === 16;

/** cA and pathLenConstraint (RFC 5280 §4.2.1.9). */
export function readBasicConstraints(value: DerValue): { readonly ca: boolean; readonly pathLength: number | null } {
  const parts = children(expectTag(value, tag.sequence, 'the basic constraints'), 2);
  const ca = parts[0]?.tag === tag.boolean && readBoolean(parts[0]);
  const length = parts.find((part) => part.tag === tag.integer);
  return { ca, pathLength: length === undefined ? null : readSmallInteger(length) };
}

/** Subtrees of the name constraints; `unsupported` tells of a form that binds subjects, which only a full RFC 5280 §4.2.1.10 check could judge. */
export type NameConstraints = {
  readonly permittedDns: readonly string[];
  readonly excludedDns: readonly string[];
  readonly unsupported: boolean;
  /** DNS subtrees alone leave every address open. */
  readonly addresses: { readonly permitted: readonly AddressRange[]; readonly excluded: readonly AddressRange[] };
  /** Hosts of URIs; one with a leading dot is every host below. */
  readonly uris: { readonly permitted: readonly string[]; readonly excluded: readonly string[] };
  /** Neither list holds anything, which RFC 5280 forbids. */
  readonly empty: boolean;
};

/** GeneralName tags of rfc822Name, dNSName, uniformResourceIdentifier, iPAddress: forms that only bind alternative names of that form. */
const alternativeNameTags: ReadonlySet<number> = new Set([0x81, 0x82, 0x86, 0x87]);

export function readNameConstraints(value: DerValue): NameConstraints {
  const parts = children(expectTag(value, tag.sequence, 'the name constraints'), 2);
  const bases = (list: DerValue | undefined): DerValue[] =>
    (list === undefined ? [] : children(list, 1024)).flatMap((subtree) =>
      children(expectTag(subtree, tag.sequence, 'a subtree'), 3).slice(0, 1),
    );
  const dns = (list: readonly DerValue[]): string[] =>
    list.filter((base) => base.tag === 0x82).map((base) => readAscii(base.content).toLowerCase());
  const permitted = bases(parts.find((part) => part.tag === 0xa0));
  const excluded = bases(parts.find((part) => part.tag === 0xa1));
  const ranges = (list: readonly DerValue[]): AddressRange[] =>
    list.flatMap(({ tag: form, content }) => (form === 0x87 ? (readRange(content) ?? []) : []));
  const hosts = (list: readonly DerValue[]): string[] =>
    list.filter((base) => base.tag === 0x86).map((base) => readAscii(base.content).toLowerCase());
  const unsupported = [...permitted, ...excluded].some(
    ({ tag: form, content }) => !alternativeNameTags.has(form) || (form === 0x87 && readRange(content) === null),
  );
  return {
    permittedDns: dns(permitted),
    excludedDns: dns(excluded),
    unsupported,
    addresses: { permitted: ranges(permitted), excluded: ranges(excluded) },
    uris: { permitted: hosts(permitted), excluded: hosts(excluded) },
    empty: permitted.length + excluded.length === 0,
  };
}

/** Address and mask of a subtree; null where they are none of a range. */
function readRange(content: Uint8Array): AddressRange | null {
  const half = content.length / 2;
  const bits = [...content.subarray(half)].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  if (!(half === 4 || half === 16) || !/^1*0*$/.test(bits)) return null;
  return { base: [...content.subarray(0, half)], bits: bits.replaceAll('0', '').length };
}

/** Whether the constraints let a certificate carry this address. Where any is permitted, of either length, no other is (RFC 5280 §4.2.1.10). */
export function satisfiesAddressConstraints({ addresses: { permitted, excluded } }: NameConstraints, address: Address): boolean {
  if (excluded.some((range) => inRange(address, range))) return false;
  return permitted.length === 0 || permitted.some((range) => inRange(address, range));
}

/** The host of a URI with an authority (RFC 3986 §3.2) that has neither a user nor a port. */
const hostOf = (uri: string): string | undefined => /^[a-z][a-z0-9+.-]*:\/\/([^/?#@:]+)(?:[/?#]|$)/i.exec(uri)?.[1]?.toLowerCase();

/** Whether the constraints let a certificate carry this URI: they are about its host, and one without is refused where there are any (RFC 5280 §4.2.1.10). */
export function satisfiesUriConstraints({ uris: { permitted, excluded } }: NameConstraints, uri: string): boolean {
  if (permitted.length + excluded.length === 0) return true;
  const host = hostOf(uri);
  const isIn = (base: string): boolean => host !== undefined && (base.startsWith('.') ? host.endsWith(base) : host === base);
  return host !== undefined && !excluded.some(isIn) && (permitted.length === 0 || permitted.some(isIn));
}

/** Whether they exclude every address there is. */
export const excludesAddresses = ({ addresses: { excluded } }: NameConstraints): boolean =>
  [4, 16].every((length) => excluded.some(({ base, bits }) => base.length === length && bits === 0));

/** Whether a DNS name lies in a subtree: the base itself or labels added to its left; a leading dot asks for at least one label. */
function inSubtree(name: string, base: string): boolean {
  if (base === '') return true;
  return base.startsWith('.') ? name.endsWith(base) : name === base || name.endsWith(`.${base}`);
}

/** Whether the constraints let a certificate carry this DNS name (A-labels, any case). A wildcard counts with its base. */
export function satisfiesNameConstraints(constraints: NameConstraints, dnsName: string): boolean {
  const name = dnsName.toLowerCase().replace(/^\*\./, '');
  // `*.base` under an excluded name below `base` would cover the excluded one too.
  const wildcard = dnsName.startsWith('*.');
  const excluded = constraints.excludedDns.some(
    (base) => inSubtree(name, base) || (wildcard && base.replace(/^\./, '').endsWith(`.${name}`)),
  );
  if (excluded) return false;
  return constraints.permittedDns.length === 0 || constraints.permittedDns.some((base) => inSubtree(name, base));
}
