import ipaddr from 'ipaddr.js';
import type { EndpointContract } from '../contract/endpoint.ts';
import type { Hostname } from '../hostname/hostname.ts';
import { canonicalRecordSet } from './plan.ts';
import type { RecordSet } from './record-set.ts';
import { type TtlBounds, ttlWithin } from './ttl.ts';

export type DesiredGround = {
  /** The contract's hostname, parsed. */
  readonly hostname: Hostname;
  readonly ttlBounds: TtlBounds;
  /** Where the contract's `cname` or `cluster` leads, parsed; null for addresses. */
  readonly targetName: Hostname | null;
};

/** Addresses as name servers print them: IPv4 in dots, IPv6 by RFC 5952. */
export const canonicalAddress = (address: string): string => {
  const parsed = ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.toRFC5952String() : parsed.toString();
};

/**
 * The record sets that an admitted contract wants: A and AAAA for addresses, CNAME for a name or a cluster.
 * Throws a RangeError where admission should have refused (a TTL outside the bounds, a target without a name).
 */
export function desiredRecordSets(contract: Pick<EndpointContract, 'target' | 'ttl'>, ground: DesiredGround): RecordSet[] {
  const ttl = ttlWithin(contract.ttl, ground.ttlBounds);
  if (ttl === null) throw new RangeError(`TTL ${contract.ttl} is outside the bounds of the zone`);
  const name = ground.hostname;
  if ('addresses' in contract.target) {
    const addresses = contract.target.addresses.map(canonicalAddress);
    return (['A', 'AAAA'] as const)
      .map((type) => ({ name, type, ttl, values: addresses.filter((address) => address.includes(':') === (type === 'AAAA')) }))
      .filter(({ values }) => values.length > 0)
      .map(canonicalRecordSet);
  }
  if (ground.targetName === null) throw new RangeError(`The target of ${name} has no name`);
  return [{ name, type: 'CNAME', ttl, values: [ground.targetName] }];
}
