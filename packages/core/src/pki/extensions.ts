// Reads the X.509 extensions that certificates, requests and the lint have in common (RFC 5280 §4.2).
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

/** A SAN's DNS names as they stand, and the context tags of whatever else it holds (RFC 5280 §4.2.1.6). */
export function readSubjectAltName(value: DerValue): { readonly dns: readonly string[]; readonly otherTags: readonly number[] } {
  const dns: string[] = [];
  const otherTags: number[] = [];
  for (const name of children(expectTag(value, tag.sequence, 'the alternative names'), 1024)) {
    if (name.tag === 0x82) dns.push(readAscii(name.content));
    else otherTags.push(name.tag & 0x1f);
  }
  return { dns, otherTags };
}

/** cA and pathLenConstraint (RFC 5280 §4.2.1.9). */
export function readBasicConstraints(value: DerValue): { readonly ca: boolean; readonly pathLength: number | null } {
  const parts = children(expectTag(value, tag.sequence, 'the basic constraints'), 2);
  const ca = parts[0]?.tag === tag.boolean && readBoolean(parts[0]);
  const length = parts.find((part) => part.tag === tag.integer);
  return { ca, pathLength: length === undefined ? null : readSmallInteger(length) };
}

/** DNS subtrees of the name constraints; `unsupported` tells of a form that binds subjects, which only a full RFC 5280 §4.2.1.10 check could judge. */
export type NameConstraints = {
  readonly permittedDns: readonly string[];
  readonly excludedDns: readonly string[];
  readonly unsupported: boolean;
  /** No IP address may be signed for: DNS subtrees alone leave those open. */
  readonly noAddresses: boolean;
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
  const unsupported = [...permitted, ...excluded].some((base) => !alternativeNameTags.has(base.tag));
  // Address and mask of all zeroes are every one (RFC 5280 §4.2.1.10).
  const noAddresses = [8, 32].every((length) =>
    excluded.some(({ tag: form, content }) => form === 0x87 && content.length === length && content.every((octet) => octet === 0)),
  );
  return {
    permittedDns: dns(permitted),
    excludedDns: dns(excluded),
    unsupported,
    noAddresses,
    empty: permitted.length + excluded.length === 0,
  };
}

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
