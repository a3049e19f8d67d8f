// Where a discovery scope lets a worker look: every address of its ranges and every name, on every port. Places are counted and found
// by their number, so that a look which is cut short goes on from where it was and nothing is written out beforehand.
import { type Address, type AddressRange, addressText, inRange, parseAddress, parseRange, rangeText } from '../address/address.ts';
import type { Hostname } from '../hostname/hostname.ts';
import { parseHostname } from '../hostname/parse-hostname.ts';

export type Target = { readonly kind: 'range'; readonly range: AddressRange } | { readonly kind: 'name'; readonly hostname: Hostname };
export type Place = { readonly host: string /** Not an address. */; readonly isName: boolean; readonly port: number };
export type Whereabouts = { readonly targets: readonly string[]; readonly ports: readonly number[] };

/** At sixteen a second, that takes about a quarter of an hour. */
export const mostPlaces = 16_384;

/** An address, a range of addresses (CIDR) or a hostname; null for what is none. */
export function parseTarget(text: string): Target | null {
  if (text.includes('/')) {
    const range = parseRange(text);
    return range === null ? null : { kind: 'range', range };
  }
  const address = parseAddress(text);
  if (address !== null) return { kind: 'range', range: { base: address, bits: address.length * 8 } };
  const parsed = parseHostname(text);
  return parsed.ok && !parsed.hostname.startsWith('*.') ? { kind: 'name', hostname: parsed.hostname } : null;
}

/** The one spelling of a target. */
export function targetText(target: Target): string {
  if (target.kind === 'name') return target.hostname;
  const { base, bits } = target.range;
  return bits === base.length * 8 ? addressText(base) : rangeText(target.range);
}

/** Addresses of a target; a name counts as one. */
export const sizeOf = (target: Target): number => (target.kind === 'name' ? 1 : 2 ** (target.range.base.length * 8 - target.range.bits));

const targetsOf = ({ targets }: Whereabouts): Target[] => targets.flatMap((text) => parseTarget(text) ?? []);

/** The ranges among the targets: those beyond public addresses are reached for no other reason. */
export const rangesOf = (scope: Whereabouts): string[] =>
  targetsOf(scope).flatMap((target) => (target.kind === 'range' ? [rangeText(target.range)] : []));

/** Whether something was seen where a scope lets a worker look. @param serverName empty: asked with none */
export function isWhere(scope: Whereabouts, { address, port, serverName }: { address: string; port: number; serverName: string }): boolean {
  if (!scope.ports.includes(port)) return false;
  const octets = parseAddress(address);
  return targetsOf(scope).some((target) =>
    target.kind === 'name'
      ? serverName === '' || serverName === target.hostname
      : serverName === '' && octets !== null && inRange(octets, target.range),
  );
}

/** How many places there are. */
export const countPlaces = (scope: Whereabouts): number =>
  targetsOf(scope).reduce((sum, target) => sum + sizeOf(target), 0) * scope.ports.length;

/** The place of a number below `countPlaces`; each has exactly one, and places that follow each other are far apart. */
export function placeAt(scope: Whereabouts, number: number): Place | null {
  const targets = targetsOf(scope);
  const hosts = targets.reduce((sum, target) => sum + sizeOf(target), 0);
  const total = hosts * scope.ports.length;
  if (number < 0 || number >= total) return null;
  const spread = (number * strideOf(total)) % total;
  const port = scope.ports[Math.floor(spread / hosts)] ?? 0;
  let left = spread % hosts;
  for (const target of targets) {
    const size = sizeOf(target);
    if (left < size)
      return target.kind === 'name'
        ? { host: target.hostname, isName: true, port }
        : { host: addressText(beyond(target.range.base, left)), isName: false, port };
    left -= size;
  }
  return null;
}

/** Near the golden section, which spreads best, and without a common divisor, so that every number is met once. */
function strideOf(total: number): number {
  let stride = Math.max(1, Math.round(total * 0.618));
  while (divisorOf(stride, total) !== 1) stride += 1;
  return stride;
}

const divisorOf = (one: number, other: number): number => (other === 0 ? one : divisorOf(other, one % other));

/** @param offset below 2^32 */
function beyond(base: Address, offset: number): Address {
  const octets = [...base];
  for (let at = octets.length - 1, carry = offset; at >= 0 && carry > 0; at -= 1) {
    const sum = (octets[at] ?? 0) + carry;
    octets[at] = sum % 256;
    carry = Math.floor(sum / 256);
  }
  return octets;
}
