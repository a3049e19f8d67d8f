import { tsigAlgorithm, type ZoneRow } from '@hostmaster/core/contract/zone';
import type { Db } from '@hostmaster/db/client';
import { z } from 'zod';
import { readServers } from '../request/stored.ts';
import { readStored } from '../stored-json.ts';
import { timestampOrNull } from '../timestamp.ts';

const primary = z.object({ address: z.string(), port: z.number().int() });
const tsigKey = z.object({ name: z.string(), algorithm: tsigAlgorithm }).nullable();

/** What a zone's answer needs; its sealed secret is not even read. */
export const zoneRead = {
  omit: { secretKeyId: true, secretCiphertext: true },
  include: {
    ownerTeam: { select: { slug: true } },
    _count: { select: { recordSets: true, endpoints: { where: { state: { not: 'retired' } } } } },
  },
} as const;

const read = (db: Db, id: string) => db.zone.findUniqueOrThrow({ where: { id }, ...zoneRead });
type Row = Awaited<ReturnType<typeof read>>;

export const presentZone = (row: Row): ZoneRow => ({
  id: row.id,
  apex: row.apex,
  view: row.view,
  provider: row.provider,
  ownerTeam: row.ownerTeam.slug,
  primary: readStored(primary, row.primary, 'zone.primary'),
  tsigKey: readStored(tsigKey, row.tsigKey, 'zone.tsig_key'),
  servers: readServers(row.servers),
  ttlMin: row.ttlMin,
  ttlMax: row.ttlMax,
  servedPort: row.servedPort,
  allowedRanges: row.allowedRanges,
  reviewFirstExposure: row.reviewFirstExposure,
  version: row.version,
  serial: row.serial === null ? null : Number(row.serial),
  syncedAt: timestampOrNull(row.syncedAt),
  syncError: row.syncError,
  recordSetCount: row._count.recordSets,
  endpointCount: row._count.endpoints,
});
