import type { DiscoveredDetail } from '@hostmaster/core/contract/discovery';
import { hostnamesOf } from '@hostmaster/core/discovery/likely-owner';
import { HostmasterError } from '@hostmaster/core/errors';
import { chainToPem } from '@hostmaster/core/pki/chain';
import { type CertificateDescription, describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import { authorize, may } from '@hostmaster/core/policy/authorize';
import type { Reader } from '@hostmaster/db/client';
import { discoveredById } from '@hostmaster/db/discovered';
import type { Ctx } from '../context.ts';
import { timestampOf } from '../timestamp.ts';
import { ownersOf } from './owners.ts';
import { presentDiscovered } from './present.ts';

const mostSightings = 200;

/** A certificate that was found, with its chain, where it was seen and what to do about it. Errors: forbidden, not-found. */
export async function getDiscovered(ctx: Ctx, { id }: { readonly id: string }): Promise<DiscoveredDetail> {
  authorize(ctx.actor, 'discovery.read');
  return readDiscovered(ctx, ctx.db, id);
}

export async function readDiscovered({ actor, clock }: Pick<Ctx, 'actor' | 'clock'>, db: Reader, id: string): Promise<DiscoveredDetail> {
  const now = clock.now();
  const row = await discoveredById(db, id, now);
  if (row === null) throw new HostmasterError('not-found', `There is no certificate ${id} that was found.`);
  const [owner] = await ownersOf(db, [row], now);
  const stored = await db.discoveredCertificate.findUniqueOrThrow({
    where: { id },
    select: { chain: true, knownReason: true, knownBy: true, knownAt: true, knownUntil: true },
  });
  const sightings = await db.sighting.findMany({
    where: { certificateId: id },
    include: { scope: { select: { name: true } } },
    orderBy: [{ lastSeenAt: 'desc' }, { address: 'asc' }, { port: 'asc' }],
    take: mostSightings,
  });
  const logs = await db.logSighting.findMany({
    where: { certificateId: id },
    include: { log: { select: { address: true } } },
    orderBy: { seenAt: 'asc' },
  });
  const ours = await db.certificate.findFirst({
    where: { fingerprint: row.fingerprint },
    select: { serial: true, state: true, endpointId: true },
  });
  const endpoint = await endpointOf(db, row.names);
  return {
    ...presentDiscovered(row, owner ?? null),
    chain: stored.chain.flatMap((der) => described(der) ?? []),
    chainPem: chainToPem(stored.chain),
    sightings: sightings.map(({ scope, address, port, serverName, firstSeenAt, lastSeenAt, goneAt }) => ({
      ...{ scope: scope.name, address, port, serverName: serverName === '' ? null : serverName },
      ...{ firstSeenAt: timestampOf(firstSeenAt), lastSeenAt: timestampOf(lastSeenAt), gone: goneAt !== null },
    })),
    inLogs: logs.map(({ log, entry, seenAt }) => ({ log: log.address, entry: Number(entry), seenAt: timestampOf(seenAt) })),
    ours,
    known: knownOf(stored, now),
    endpoint,
    askFor: endpoint === null ? (hostnamesOf(row.names).find((name) => name.includes('.')) ?? null) : null,
    permissions: { markKnown: row.verdict !== 'ours' && may(actor, 'discovery.confirm') },
  };
}

type Stored = { knownReason: string | null; knownBy: string | null; knownAt: Date | null; knownUntil: Date | null };

function knownOf({ knownReason: reason, knownBy: by, knownAt: at, knownUntil: until }: Stored, now: Date): DiscoveredDetail['known'] {
  if (reason === null || by === null || at === null || until === null || until <= now) return null;
  return { reason, by, at: timestampOf(at), until: timestampOf(until) };
}

/** The endpoint of the first name that has one. */
async function endpointOf(db: Reader, names: readonly string[]): Promise<DiscoveredDetail['endpoint']> {
  const hostnames: readonly string[] = hostnamesOf(names);
  const held = await db.heldName.findMany({
    where: { hostname: { in: [...hostnames] }, heldBackUntil: null },
    select: { hostname: true, endpointId: true },
    orderBy: { endpointId: 'asc' },
  });
  const [first] = hostnames.flatMap((hostname) => held.filter((each) => each.hostname === hostname));
  return first === undefined ? null : { id: first.endpointId, hostname: first.hostname };
}

/** null for one that cannot be read. */
function described(der: Uint8Array): DiscoveredDetail['chain'][number] | null {
  try {
    const { notBefore, notAfter, otherNames, ...description }: CertificateDescription = describeCertificate(der);
    return {
      ...description,
      subjectAltNames: [...description.subjectAltNames, ...otherNames],
      notBefore: timestampOf(notBefore),
      notAfter: timestampOf(notAfter),
    };
  } catch (error) {
    // Times that are none, too.
    if (error instanceof HostmasterError || error instanceof RangeError) return null;
    throw error;
  }
}
