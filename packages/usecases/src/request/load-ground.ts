// Loads what the policy looks at: only the rows that concern the names of one contract, keyed by their suffixes, so that
// the cost does not grow with the number of grants, zones or endpoints.

import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import type { RecordSet } from '@hostmaster/core/dns/record-set';
import { type Hostname, isWithin, labelsOf, mostSpecific, suffixesOf } from '@hostmaster/core/hostname/hostname';
import { hostnameOf, parseHostname, skeletonOf } from '@hostmaster/core/hostname/parse-hostname';
import { buildGrantIndex } from '@hostmaster/core/policy/grant-index';
import type { Ground } from '@hostmaster/core/policy/ground';
import { buildReservationIndex } from '@hostmaster/core/policy/reservation-index';
import type { Reader } from '@hostmaster/db/client';
import { open } from '@hostmaster/db/state-lists';
import { recordSetsAt } from '@hostmaster/db/zone-record-set';
import { reviewGroupOf } from './review-groups.ts';
import { readRecordSets } from './stored.ts';

export type GroundOptions = {
  /** The request that is being decided again: neither it nor what it already wrote speaks against itself. */
  readonly requestId?: string;
  readonly endpointId?: string;
  readonly ownRecordSets?: readonly RecordSet[];
};

export type LoadedGround = Awaited<ReturnType<typeof loadGround>>;

/** Every name of the contract that parses; the others are the policy's to report. */
export function namesOf(contract: EndpointContract): Hostname[] {
  return [contract.hostname, ...contract.tls.extraNames].flatMap((text) => {
    const parsed = parseHostname(text);
    return parsed.ok ? [parsed.hostname] : [];
  });
}

export async function loadGround(db: Reader, now: Date, contract: EndpointContract, options: GroundOptions = {}) {
  const names = namesOf(contract);
  const main = parseHostname(contract.hostname);
  const hostname = main.ok ? main.hostname : null;
  const suffixes = [...new Set(names.flatMap(suffixesOf))];
  const skeletons = [...new Set(names.map(skeletonOf))];

  const [zoneRows, grantRows, reservationRows, endpointRows, openRows, clusterRow, publicCount] = await Promise.all([
    db.zone.findMany({ where: { apex: { in: suffixes } }, include: { ownerTeam: { select: { slug: true } } } }),
    db.grant.findMany({ where: { suffix: { in: suffixes }, revokedAt: null }, include: { team: { select: { slug: true } } } }),
    db.reservation.findMany({
      where: {
        OR: [
          { kind: 'exact', value: { in: names } },
          { kind: 'label', value: { in: [...new Set(names.flatMap(labelsOf))] } },
          { kind: 'suffix', value: { in: suffixes } },
        ],
      },
    }),
    db.endpoint.findMany({
      where: { OR: [{ hostname: { in: names } }, { skeleton: { in: skeletons } }] },
      include: { team: { select: { slug: true } } },
      take: 200,
    }),
    db.request.findMany({
      where: {
        hostname: { in: names },
        state: { in: open },
        ...(options.requestId ? { id: { not: options.requestId } } : {}),
      },
      include: { team: { select: { slug: true } } },
    }),
    'cluster' in contract.target ? db.cluster.findUnique({ where: { slug: contract.target.cluster } }) : null,
    db.endpoint.count({ where: { team: { slug: contract.team }, view: 'public', state: { in: ['live', 'degraded'] } }, take: 1 }),
  ]);

  const zones = zoneRows.map((row) => ({
    row,
    id: row.id,
    apex: hostnameOf(row.apex),
    view: row.view,
    environments: [],
    ttlBounds: { min: row.ttlMin, max: row.ttlMax },
    ownerTeam: row.ownerTeam.slug,
    reviewFirstExposure: row.reviewFirstExposure,
    allowedRanges: row.allowedRanges,
  }));
  const zone =
    hostname === null
      ? null
      : mostSpecific(
          hostname,
          zones.filter(({ view }) => view === contract.view),
        );

  const others = endpointRows.filter(({ id, state }) => id !== options.endpointId && state !== 'retired');
  const own = endpointRows.find((row) => row.hostname === hostname && row.view === contract.view) ?? null;
  const ancestors =
    hostname === null || zone === null ? [] : [hostname, ...suffixesOf(hostname)].filter((name) => isWithin(name, zone.apex));
  const observed = zone === null ? [] : await recordSetsAt(db, zone.id, [...new Set(ancestors)]);
  const ownRecordSets = [
    ...(options.ownRecordSets ?? []),
    ...(own === null || own.state === 'retired' ? [] : await revisionRecordSets(db, own.id, own.revision)),
  ];
  const isOwn = (set: RecordSet) => ownRecordSets.some((mine) => mine.name === set.name && mine.type === set.type);

  const ground: Ground = {
    now,
    zones,
    grants: buildGrantIndex(
      grantRows.map((row) => ({
        id: row.id,
        team: row.team.slug,
        suffix: hostnameOf(row.suffix),
        environments: row.environments,
        views: row.views,
        allowWildcard: row.wildcard,
        allowSuffixItself: row.apex,
        expiresAt: row.expiresAt,
      })),
    ),
    reservations: buildReservationIndex(
      reservationRows.map((row) => ({
        id: row.id,
        kind: row.kind,
        value: row.value,
        group: reviewGroupOf(row.group),
        reason: row.reason,
      })),
    ),
    endpoints: others
      .filter((row) => names.some((name) => name === row.hostname))
      .map((row) => ({ id: row.id, hostname: hostnameOf(row.hostname), view: row.view, team: row.team.slug })),
    openRequests: openRows.map((row) => ({ id: row.id, hostname: hostnameOf(row.hostname), view: row.view, team: row.team.slug })),
    quarantines: endpointRows
      .filter((row) => row.state === 'retired' && row.quarantineEnds !== null && row.quarantineEnds > now)
      .map((row) => ({ hostname: hostnameOf(row.hostname), view: row.view, formerTeam: row.team.slug, until: row.quarantineEnds ?? now })),
    foreignRecordSets: observed.filter((set) => !isOwn(set)),
    cluster:
      clusterRow === null
        ? null
        : {
            name: clusterRow.slug,
            hostname: hostnameOf(clusterRow.hostname),
            environment: clusterRow.environment,
            takesPublicTraffic: clusterRow.public,
            certificates: null,
          },
    lookalikes: others
      .filter((row) => !names.some((name) => name === row.hostname))
      .map((row) => ({ hostname: hostnameOf(row.hostname), team: row.team.slug })),
    teamHasPublicEndpoint: publicCount > 0,
    // The internal CA is part of every installation; others are connected one by one.
    connectedSources: ['internal-ca'],
  };
  return {
    ground,
    hostname,
    zone: zone?.row ?? null,
    endpoint: own,
    observed: observed.filter(({ name }) => name === hostname),
    grantRows,
  };
}

async function revisionRecordSets(db: Reader, endpointId: string, number: number): Promise<readonly RecordSet[]> {
  const revision = await db.endpointRevision.findUnique({
    where: { endpointId_number: { endpointId, number } },
    select: { recordSets: true },
  });
  return revision === null ? [] : readRecordSets(revision.recordSets);
}
