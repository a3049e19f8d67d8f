// TTL classes and what they mean in seconds within a zone's bounds (RFC 2181 §8: 0 to 2^31-1; our own floor is 1).
import type { EndpointContract } from '../contract/endpoint.ts';

/** Seconds, both inclusive. */
export type TtlBounds = { readonly min: number; readonly max: number };

type TtlClass = Exclude<EndpointContract['ttl'], number>;

/** What each class means: cutovers and incidents, normal services, stable infrastructure. */
export const ttlSeconds = { cutover: 30, service: 60, stable: 3600 } as const satisfies Record<TtlClass, number>;

/** The seconds that a class leaves room for; a zone's bounds may move the value within them. */
const ttlRanges = {
  cutover: { min: 30, max: 30 },
  service: { min: 60, max: 300 },
  stable: { min: 3600, max: 604_800 },
} as const satisfies Record<TtlClass, TtlBounds>;

/**
 * Seconds for a contract's TTL within the zone's bounds, or null when the bounds leave no room for it.
 * A class moves within its own range to fit; a number is taken as it is or not at all.
 */
export function ttlWithin(ttl: EndpointContract['ttl'], bounds: TtlBounds): number | null {
  if (typeof ttl === 'number') return ttl >= bounds.min && ttl <= bounds.max ? ttl : null;
  const range = ttlRanges[ttl];
  const seconds = Math.min(Math.max(ttlSeconds[ttl], bounds.min), bounds.max);
  return seconds >= range.min && seconds <= range.max ? seconds : null;
}
