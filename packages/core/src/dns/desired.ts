import ipaddr from 'ipaddr.js';
import { addressText } from '../address/address.ts';
import type { AdmittedContract } from '../contract/stored-contract.ts';
import type { Hostname } from '../hostname/hostname.ts';
import { sortedRecordSet } from './plan.ts';
import type { RecordSet, RecordType } from './record-set.ts';
import { type TtlBounds, ttlWithin } from './ttl.ts';

/** What a contract's target becomes: at the name of an endpoint these types are Hostmaster's, and no others. */
export const targetTypes = ['A', 'AAAA', 'CNAME'] as const satisfies readonly RecordType[];
export const isTargetType = (type: string): type is (typeof targetTypes)[number] => targetTypes.some((one) => one === type);

export type DesiredGround = {
  readonly ttlBounds: TtlBounds;
  /** Where the contract's cluster is reached; null for another target. */
  readonly clusterName: Hostname | null;
};

/** An address in the one spelling in which it is stored and read back. */
export const canonicalAddress = (address: string): string => addressText(ipaddr.parse(address).toByteArray());

/**
 * The record sets that an admitted contract wants: A and AAAA for addresses, CNAME for a name or a cluster, none with a certificate alone.
 * Throws a RangeError where admission should have refused (a TTL outside the bounds, a cluster without a name).
 */
export function desiredRecordSets(
  { hostname: name, target, ttl: wanted }: Pick<AdmittedContract, 'hostname' | 'target' | 'ttl'>,
  { ttlBounds, clusterName }: DesiredGround,
): RecordSet[] {
  const ttl = ttlWithin(wanted, ttlBounds);
  if (ttl === null) throw new RangeError(`TTL ${wanted} is outside the bounds of the zone`);
  if ('addresses' in target)
    return (['A', 'AAAA'] as const)
      .map((type) => ({ name, type, ttl, values: target.addresses.filter((address) => address.includes(':') === (type === 'AAAA')) }))
      .filter(({ values }) => values.length > 0)
      .map(sortedRecordSet);
  if ('certificateOnly' in target) return [];
  const leadsTo = 'cname' in target ? target.cname : clusterName;
  if (leadsTo === null) throw new RangeError(`The target of ${name} has no name`);
  return [{ name, type: 'CNAME', ttl, values: [leadsTo] }];
}
