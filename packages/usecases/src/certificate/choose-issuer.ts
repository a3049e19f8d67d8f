import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import { HostmasterError } from '@hostmaster/core/errors';
import { type Hostname, isWithin } from '@hostmaster/core/hostname/hostname';
import { storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import type { Reader } from '@hostmaster/db/client';

/** Whether every name lies within one of the suffixes. */
export const permits = (suffixes: readonly string[], names: readonly Hostname[]): boolean =>
  names.every((name) => suffixes.some((suffix) => isWithin(name, storedHostname(suffix))));

const newestFirst = [{ createdAt: 'desc' as const }, { id: 'desc' as const }];
const fitting = <Row extends { permittedSuffixes: string[] }>(rows: readonly Row[], names: readonly Hostname[]): Row | null =>
  rows.find(({ permittedSuffixes }) => permits(permittedSuffixes, names)) ?? null;

/** The newest issuer of the source that a contract names which may sign for all the names; null where none may. */
export const fittingIssuer = async (db: Reader, source: EndpointContract['tls']['source'], names: readonly Hostname[]) =>
  fitting(
    await db.issuer.findMany({
      where: { kind: source },
      orderBy: newestFirst,
      select: { name: true, profile: true, permittedSuffixes: true },
    }),
    names,
  );

/**
 * The issuer that signs for a contract, as a worker opens it. Choosing makes none: that an internal CA covers a zone is seen to when the zone is read.
 * Errors: issuer-refused (a name in no managed zone), issuer-unavailable (none may sign for the names yet).
 */
export async function chooseIssuer(db: Reader, source: EndpointContract['tls']['source'], names: readonly Hostname[]) {
  const issuer = fitting(await db.issuer.findMany({ where: { kind: source }, orderBy: newestFirst, omit: { crl: true } }), names);
  if (issuer !== null) return issuer;
  const apexes = await db.zone.findMany({ select: { apex: true } });
  const managed = permits(
    apexes.map(({ apex }) => apex),
    names,
  );
  if (!managed) throw new HostmasterError('issuer-refused', `${names.join(', ')} is not within the managed zones.`);
  throw new HostmasterError('issuer-unavailable', `No issuer of the kind ${source} may sign for ${names.join(', ')} yet.`);
}
