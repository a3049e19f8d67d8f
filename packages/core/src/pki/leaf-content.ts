// What a leaf holds beside its hostnames and its key, where the contract says so and its source lets that be chosen: what the key may be
// used for, addresses, the identity of a workload, and whether a server has to staple its status.
import type { z } from 'zod';
import { type AddressRange, addressText, inRange, parseAddress, parseRange } from '../address/address.ts';
import { canonicalJson } from '../canonical-json.ts';
import { leafContent } from '../contract/leaf-content.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

export type LeafContent = z.output<typeof leafContent>;
export type KeyUsage = LeafContent['usages'][number];

/** Key purposes of RFC 5280 §4.2.1.12. */
export const purposes: Readonly<Record<KeyUsage, string>> = { server: id.serverAuth, client: id.clientAuth };

/** Where nothing is said. */
export const serverContent: LeafContent = { usages: ['server'], addresses: [], spiffeId: null, mustStaple: false };

type Said = {
  readonly usages?: readonly KeyUsage[] | undefined;
  readonly addresses?: readonly string[] | undefined;
  readonly spiffeId?: string | undefined;
  readonly mustStaple?: boolean | undefined;
};

/** What a contract asks for, each thing once, in one order and one spelling; its addresses are parsed already. */
export const contentOf = ({ usages, addresses = [], spiffeId, mustStaple = false }: Said): LeafContent => ({
  usages: usages === undefined ? serverContent.usages : leafContent.shape.usages.element.options.filter((one) => usages.includes(one)),
  addresses: [...new Set(addresses.map(spelled))].sort(),
  spiffeId: spiffeId ?? null,
  mustStaple,
});

const spelled = (address: string): string => {
  const octets = parseAddress(address);
  return octets === null ? address : addressText(octets);
};

export const sameContent = (one: LeafContent, other: LeafContent): boolean => canonicalJson(one) === canonicalJson(other);
export const isServerContent = (content: LeafContent): boolean => sameContent(content, serverContent);

/** Every alternative name that is no hostname, as text. */
export const otherNames = ({ addresses, spiffeId }: Pick<LeafContent, 'addresses' | 'spiffeId'>): readonly string[] => [
  ...addresses,
  ...(spiffeId === null ? [] : [spiffeId]),
];

/**
 * The addresses that a CA of ours may sign for: those that are nobody's on the internet (RFC 1918, RFC 4193, RFC 6598), and loopback. Its
 * certificate says so too, in its name constraints.
 */
export const namedRanges: readonly AddressRange[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  'fc00::/7',
  '::1/128',
].flatMap((text) => parseRange(text) ?? []);

/** Whether nothing of a range lies outside of these. */
export const withinNamedRanges = ({ base, bits }: AddressRange): boolean =>
  namedRanges.some((range) => bits >= range.bits && inRange(base, range));

export function mayBeNamed(address: string): boolean {
  const octets = parseAddress(address);
  return octets !== null && namedRanges.some((range) => inRange(octets, range));
}
