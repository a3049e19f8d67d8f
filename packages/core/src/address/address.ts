// IP addresses and ranges as octets, and the one judgement of where a name may lead and a connection may go. The policy
// asks it of a target before anything is published, the guard of every address before it is connected to; what the one
// admits the other reaches. Ranges are those of the IANA special-purpose registries (RFC 6890 and its updates).
import ipaddr from 'ipaddr.js';

/** Octets in network order: four or sixteen. */
export type Address = readonly number[];
export type AddressRange = { readonly base: Address; readonly bits: number };

/** Strict textual forms only: dotted decimal without leading zeros (RFC 6943 §3.1.1), IPv6 without a zone; null for anything else. */
export function parseAddress(text: string): Address | null {
  if (!text.includes(':')) return parseIpv4(text);
  return !text.includes('%') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text).toByteArray() : null;
}

const dotted = /^(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})$/;

function parseIpv4(text: string): Address | null {
  if (!dotted.test(text)) return null;
  const octets = [0, 0, 0, 0];
  let part = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0) part += 1;
    else octets[part] = (octets[part] ?? 0) * 10 + digit;
  }
  return octets.every((octet) => octet <= 255) ? octets : null;
}

/** A range in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3); null for text that is none. */
export function parseRange(text: string): AddressRange | null {
  const [address = '', length = '', ...rest] = text.split('/');
  const base = parseAddress(address);
  const bits = /^[0-9]{1,3}$/.test(length) ? Number(length) : Number.NaN;
  return base !== null && rest.length === 0 && bits <= base.length * 8 ? { base, bits } : null;
}

const rangesOf = (texts: readonly string[]): AddressRange[] => texts.flatMap((text) => parseRange(text) ?? []);

export function inRange(address: Address, { base, bits }: AddressRange): boolean {
  if (address.length !== base.length) return false;
  const whole = bits >> 3;
  for (let at = 0; at < whole; at += 1) if (address[at] !== base[at]) return false;
  const rest = bits & 7;
  return rest === 0 || ((address[whole] ?? 0) ^ (base[whole] ?? 0)) >> (8 - rest) === 0;
}

type Special = { readonly why: string; readonly range: AddressRange };
/** Ranges by the length of their addresses, in the order in which they are asked. */
type Registry = { readonly [octets: number]: readonly Special[] };
function registry(table: Readonly<Record<string, readonly string[]>>): Registry {
  const all = Object.entries(table).flatMap(([why, texts]) => rangesOf(texts).map((range) => ({ why, range })));
  const ofLength = (octets: number) => all.filter(({ range }) => range.base.length === octets);
  return { 4: ofLength(4), 16: ofLength(16) };
}

/** What nobody can allow. The metadata services are those of AWS and Google Cloud over IPv6, Alibaba Cloud, Oracle Cloud and Azure. */
const never = registry({
  'it is the unspecified address': ['0.0.0.0/8', '::/128'],
  'it is link-local, where cloud metadata services live': ['169.254.0.0/16', 'fe80::/10'],
  'it is a cloud metadata service': ['100.100.100.200/32', '192.0.0.192/32', '168.63.129.16/32', 'fd00:ec2::254/128', 'fd20:ce::254/128'],
  'it is a multicast address': ['224.0.0.0/4', 'ff00::/8'],
  'it is the broadcast address': ['255.255.255.255/32'],
});

/** What is not public, and is reached only where the owner of a zone allowed its range. */
const notPublic = registry({
  'it is a private address': ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
  'it is a loopback address': ['127.0.0.0/8', '::1/128'],
  'it is an address of carrier-grade NAT': ['100.64.0.0/10'],
  'it is an address of IETF protocols': ['192.0.0.0/24', '2001::/23'],
  'it is an address for documentation': ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'],
  'it is an address for benchmarks': ['198.18.0.0/15'],
  'it is an address of AS112 or of a relay': [
    '192.31.196.0/24',
    '192.52.193.0/24',
    '192.88.99.0/24',
    '192.175.48.0/24',
    '2620:4f:8000::/48',
  ],
  'it is a reserved address': ['240.0.0.0/4'],
  // All but 2000::/3, the only IPv6 addresses that are routed publicly (RFC 4291 §2.4, as IANA allocates them).
  'it is no public address': ['::/3', '4000::/2', '8000::/1'],
});

function reasonIn(table: Registry, address: Address): string | null {
  for (const { why, range } of table[address.length] ?? []) if (inRange(address, range)) return why;
  return null;
}

/**
 * Why a name may not lead to the address and no connection may go to it; null where both may.
 * @param allowed ranges that the owner of the zone allowed beyond public addresses
 */
export function addressFault(address: Address, allowed: readonly AddressRange[]): string | null {
  const embedded = address.length === 16 ? embeddedIpv4(address) : null;
  if (embedded !== null) {
    const fault = addressFault(embedded, allowed);
    return fault === null ? null : `it leads to ${embedded.join('.')}, and ${fault}`;
  }
  const nobodys = reasonIn(never, address);
  if (nobodys !== null) return nobodys;
  if (allowed.some((range) => inRange(address, range))) return null;
  return reasonIn(notPublic, address);
}

/** Why no connection may ever go to the address, whoever allows what; null where somebody may allow it. */
export function neverFault(address: Address): string | null {
  const embedded = address.length === 16 ? embeddedIpv4(address) : null;
  return embedded === null ? reasonIn(never, address) : neverFault(embedded);
}

/** Whether a text is an address that no connection may ever go to, whoever allows what. */
export function isNeverReached(text: string): boolean {
  const address = parseAddress(text);
  return address !== null && neverFault(address) !== null;
}

/** Why a range cannot be allowed, and what to give instead: it holds too much, or nothing that anybody may allow; null where it can. */
export function rangeFault(range: AddressRange): { readonly why: string; readonly remedy: string } | null {
  const { base, bits } = range;
  if (bits === 0) return { why: 'it holds every address there is', remedy: 'Give the ranges that are really used, such as 10.20.30.0/24.' };
  const first = edgeOf(range, 0);
  if (first.some((octet, at) => octet !== base[at])) {
    const [whole, one] = [rangeText({ base: first, bits }), rangeText({ base, bits: base.length * 8 })];
    return { why: `${rangeText(range)} does not begin at its first address`, remedy: `Give ${whole}, or ${one} for the one address.` };
  }
  const holder = (never[base.length] ?? []).find((special) => holds(special.range, range));
  if (holder !== undefined) return { why: holder.why, remedy: 'Leave it out; no connection ever goes there.' };
  // Such addresses are judged by the IPv4 address in them: to allow them would allow nothing.
  if (ipv4Forms.some((form) => holds(form, range)) && embeddedIpv4(edgeOf(range, 0xff)) !== null)
    return { why: 'it stands for IPv4 addresses in the form of IPv6', remedy: 'Give the range of the IPv4 addresses themselves.' };
  return null;
}

/** Whether ranges leave nothing that is not public out, save what nobody may allow: to allow them all is to allow everything. */
export function holdEverything(ranges: readonly AddressRange[]): boolean {
  return [4, 16].some((octets) => {
    const taken = [...ranges, ...(never[octets] ?? []).map(({ range }) => range)];
    return (notPublic[octets] ?? []).every(({ range }) => isCovered(range, taken));
  });
}

function isCovered(range: AddressRange, by: readonly AddressRange[]): boolean {
  if (by.some((each) => holds(each, range))) return true;
  const within = by.filter((each) => holds(range, each));
  return within.length > 0 && halvesOf(range).every((half) => isCovered(half, within));
}

function halvesOf({ base, bits }: AddressRange): AddressRange[] {
  const upper = base.map((octet, at) => (at === bits >> 3 ? octet | (0x80 >> (bits & 7)) : octet));
  return [base, upper].map((half) => ({ base: half, bits: bits + 1 }));
}

const holds = (outer: AddressRange, inner: AddressRange): boolean => outer.bits <= inner.bits && inRange(inner.base, outer);

/** The first address of a range (`fill` 0) or its last (`fill` 255). */
const edgeOf = ({ base, bits }: AddressRange, fill: number): Address =>
  base.map((octet, at) => {
    const host = 0xff >> Math.min(8, Math.max(0, bits - at * 8));
    return (octet & ~host) | (fill & host);
  });

/** An address as name servers print it: IPv4 in dots, IPv6 by RFC 5952, where an IPv4 address inside is in dots, too (§5). */
export function addressText(address: Address): string {
  const parsed = ipaddr.fromByteArray([...address]);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return parsed.isIPv4MappedAddress() ? `::ffff:${parsed.toIPv4Address()}` : parsed.toRFC5952String();
}

/** A range in its one spelling. */
export const rangeText = ({ base, bits }: AddressRange): string => `${addressText(base)}/${bits}`;

/** The IPv4 address that an IPv6 address leads to, for the ranges that carry one. */
export function embeddedIpv4(address: Address): Address | null {
  const after = ipv4After.find(({ prefix }) => inRange(address, prefix));
  if (after !== undefined) return address.slice(after.at, after.at + 4);
  // ::/96, IPv4-compatible (RFC 4291 §2.5.5.1), apart from :: and ::1 and what else no IPv4 host can be.
  const zeros = address.findIndex((octet) => octet !== 0);
  return zeros >= 12 && zeros < 15 ? address.slice(12) : null;
}

/** Mapped (RFC 4291 §2.5.5.2), translated (RFC 7915), NAT64 (RFC 6052) and 6to4 (RFC 3056). */
const ipv4After = [
  { prefix: '::ffff:0:0/96', at: 12 },
  { prefix: '::ffff:0:0:0/96', at: 12 },
  { prefix: '64:ff9b::/96', at: 12 },
  { prefix: '2002::/16', at: 2 },
].flatMap(({ prefix, at }) => rangesOf([prefix]).map((range) => ({ prefix: range, at })));

/** Where addresses stand that carry an IPv4 address, those of RFC 4291 §2.5.5.1 among them. */
const ipv4Forms: readonly AddressRange[] = [...ipv4After.map(({ prefix }) => prefix), ...rangesOf(['::/96'])];
