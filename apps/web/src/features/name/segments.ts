import type { CheckResult } from '@hostmaster/core/contract/request';

export type NameReading = NonNullable<CheckResult['reading']>;
export type Segment = { kind: 'yours' | 'granted' | 'zone'; text: string };

/**
 * A hostname cut where its owners change, left to right: what is the asker's to choose, what was granted to the team,
 * and the zone it stands in. Empty parts are left out; the texts joined are the hostname again.
 */
export function segments(hostname: string, zone: string | null, granted: string | null): Segment[] {
  const zoneFrom = startOfSuffix(hostname, zone) ?? hostname.length;
  const grantedFrom = Math.min(startOfSuffix(hostname, granted) ?? zoneFrom, zoneFrom);
  const cut: Segment[] = [
    { kind: 'yours', text: hostname.slice(0, grantedFrom) },
    { kind: 'granted', text: hostname.slice(grantedFrom, zoneFrom) },
    { kind: 'zone', text: hostname.slice(zoneFrom) },
  ];
  return cut.filter((segment) => segment.text !== '');
}

/** Where `.suffix` begins in `hostname`, at a label boundary only; 0 where they are the same name. */
function startOfSuffix(hostname: string, suffix: string | null): number | null {
  if (!suffix) return null;
  const name = hostname.toLowerCase();
  const end = suffix.toLowerCase();
  if (name === end) return 0;
  return name.endsWith(`.${end}`) ? name.length - end.length - 1 : null;
}
