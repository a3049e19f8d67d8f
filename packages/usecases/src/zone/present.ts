import type { ZoneRow } from '@hostmaster/core/contract/zone';
import { errorCodeOf, errorTable } from '@hostmaster/core/error-table';
import { operator } from '@hostmaster/core/operation/moves-next';
import type { Db } from '@hostmaster/db/client';
import { unretired } from '@hostmaster/db/state-lists';
import { z } from 'zod';
import { readServers } from '../stored-columns.ts';
import { readStored } from '../stored-json.ts';
import { timestampOrNull } from '../timestamp.ts';
import { thresholdsOf } from './safety.ts';

const settings = z.record(z.string(), z.unknown());

/** What a zone's answer needs; its sealed secret is not even read. */
export const zoneRead = {
  omit: { secretKeyId: true, secretCiphertext: true },
  include: {
    ownerTeam: { select: { slug: true } },
    _count: { select: { endpoints: { where: { state: { in: unretired } } } } },
  },
} as const;

const read = (db: Db, id: string) => db.zone.findUniqueOrThrow({ where: { id }, ...zoneRead });
type Row = Awaited<ReturnType<typeof read>>;

function presentSigningError({ signingErrorCode, signingError }: Row): ZoneRow['signingError'] {
  if (signingErrorCode === null || signingError === null) return null;
  const code = errorCodeOf(signingErrorCode);
  return { code, message: signingError, remedy: errorTable[code].remedy, movesNext: operator };
}

export const presentZone = (row: Row): ZoneRow => ({
  id: row.id,
  apex: row.apex,
  view: row.view,
  connection: { kind: row.provider, settings: readStored(settings, row.connection, 'zone.connection') },
  ownerTeam: row.ownerTeam.slug,
  servers: readServers(row.servers),
  ttlMin: row.ttlMin,
  ttlMax: row.ttlMax,
  servedPort: row.servedPort,
  allowedPorts: row.allowedPorts,
  allowedRanges: row.allowedRanges,
  reviewFirstExposure: row.reviewFirstExposure,
  environments: row.environments,
  safety: thresholdsOf(row),
  version: row.version,
  serial: row.serial === null ? null : Number(row.serial),
  syncedAt: timestampOrNull(row.syncedAt),
  syncError: row.syncError,
  signingError: presentSigningError(row),
  givenUpAt: timestampOrNull(row.givenUpAt),
  recordSetCount: row.recordSetCount,
  endpointCount: row._count.endpoints,
});

const kept = z.record(z.string(), z.json());

/** What the audit trail keeps of a zone: what somebody said of it, and nothing that was read there. */
export const factsOf = (zone: ZoneRow): z.output<typeof kept> => {
  const { ownerTeam, connection, servers, ttlMin, ttlMax, servedPort, allowedPorts, allowedRanges, ...more } = zone;
  return kept.parse({
    ownerTeam,
    connection,
    servers,
    ttlMin,
    ttlMax,
    servedPort,
    allowedPorts,
    allowedRanges,
    reviewFirstExposure: more.reviewFirstExposure,
    environments: more.environments,
    safety: more.safety,
  });
};
