import type { TransparencyLogRow } from '@hostmaster/core/contract/transparency';
import { HostmasterError } from '@hostmaster/core/errors';
import { logKinds } from '@hostmaster/core/transparency/log';
import type { Reader } from '@hostmaster/db/client';
import { z } from 'zod';
import { readStored } from '../stored-json.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';

export const withFound = { _count: { select: { sightings: true } } } as const;

/** Errors: not-found. */
export async function readLog(db: Reader, id: string) {
  const row = await db.transparencyLog.findUnique({ where: { id }, include: withFound });
  if (row === null) throw new HostmasterError('not-found', `There is no log ${id} that is read.`);
  return row;
}
type Row = Awaited<ReturnType<typeof readLog>>;

export const kindOf = ({ kind }: Pick<Row, 'kind'>) => readStored(z.enum(logKinds), kind, 'transparency_log.kind');

const numberOrNull = (value: bigint | null): number | null => (value === null ? null : Number(value));

export const presentLog = (row: Row): TransparencyLogRow => ({
  ...{ id: row.id, address: row.address, kind: kindOf(row), publicKey: Buffer.from(row.publicKey).toString('base64') },
  ...{ firstEntry: numberOrNull(row.firstEntry), position: numberOrNull(row.position), treeSize: numberOrNull(row.treeSize) },
  ...{ readAt: timestampOrNull(row.readAt), nextReadAt: row.forkedAt === null ? timestampOf(row.nextReadAt) : null },
  ...{ unreadable: row.unreadable, found: row._count.sightings, fault: row.fault, forked: row.forkedAt !== null },
});
