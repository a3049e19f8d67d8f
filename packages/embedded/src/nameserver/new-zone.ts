import { isIPv4, isIPv6 } from 'node:net';
import { typeCodes } from '@hostmaster/core/dns/wire/codes';
import { canonicalName, isNameWithin, labelText } from '@hostmaster/core/dns/wire/name';
import { canonicalValue } from '@hostmaster/core/dns/wire/rdata';
import { HostmasterError } from '@hostmaster/core/errors';
import { type StoredSet, storedSet } from './zone.ts';

export type NewZone = {
  readonly apex: string;
  /** The first is the primary (MNAME); an address becomes a record only for names within the zone (glue). At least one. */
  readonly nameServers: readonly { readonly name: string; readonly address: string }[];
  /** Who answers for the zone: a mail address, or its form as a domain name (RFC 1035 §8). */
  readonly hostmaster: string;
};

const hour = 3600;

/** Short, so that a name that was asked for too early is not missing for long (RFC 2308 §5). */
const negativeTtl = 60;

/** `dns.admin@example.com` becomes `dns\.admin.example.com`. */
function mailboxName(hostmaster: string): string {
  const at = hostmaster.lastIndexOf('@');
  if (at === -1) return canonicalName(hostmaster);
  const local = Buffer.from(hostmaster.slice(0, at));
  return canonicalName(`${labelText(local, 0, local.length)}.${hostmaster.slice(at + 1)}`);
}

/** The records of a zone that has just been made. Errors: invalid-input. */
export function newZoneSets({ apex: given, nameServers, hostmaster }: NewZone): StoredSet[] {
  const apex = canonicalName(given);
  const servers = nameServers.map(({ name, address }) => ({ name: canonicalName(name), address }));
  const [primary] = servers;
  if (primary === undefined) throw new HostmasterError('invalid-input', `The zone ${apex} needs at least one name server.`);
  const soa = `${primary.name} ${mailboxName(hostmaster)} 1 ${hour} ${hour / 6} ${7 * 24 * hour} ${negativeTtl}`;
  const names = servers.map(({ name }) => name);
  const glue = servers.filter(({ name }) => isNameWithin(name, apex));
  const addresses = (name: string, type: number, fits: (address: string) => boolean): StoredSet[] => {
    const values = glue
      .filter((server) => server.name === name && fits(server.address))
      .map((server) => canonicalValue(type, server.address));
    return values.length === 0 ? [] : [storedSet(name, type, hour, values)];
  };
  for (const { address } of glue) {
    if (!isIPv4(address) && !isIPv6(address)) throw new HostmasterError('invalid-input', `"${address}" is not an IP address.`);
  }
  return [
    storedSet(apex, typeCodes.SOA, hour, [canonicalValue(typeCodes.SOA, soa)]),
    storedSet(apex, typeCodes.NS, hour, names),
    ...[...new Set(glue.map(({ name }) => name))].flatMap((name) => [
      ...addresses(name, typeCodes.A, isIPv4),
      ...addresses(name, typeCodes.AAAA, isIPv6),
    ]),
  ];
}
