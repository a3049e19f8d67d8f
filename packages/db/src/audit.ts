import { type AuditRecord, auditHash, type ChainedRecord, genesisHash } from '@hostmaster/core/audit/chain';
import type { Reader, Tx } from './client.ts';
import type { Prisma } from './generated/prisma/client.ts';

/** Advisory lock that puts appends in a row; held until the transaction ends, so append last. */
const appendLock = 4_072_001;

export type NewAuditEvent = Omit<AuditRecord, 'seq' | 'detail'> & { readonly detail: Prisma.InputJsonObject };

/** Appends in the transaction of the act itself: an act whose audit event cannot be written does not happen. */
export async function appendAudit(tx: Tx, event: NewAuditEvent): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${appendLock})`;
  const last = await tx.auditEvent.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true, hash: true } });
  const previous = last?.hash ?? genesisHash;
  const record = { ...event, seq: (last?.seq ?? 0n) + 1n };
  await tx.auditEvent.create({ data: { ...record, previous: Buffer.from(previous), hash: Buffer.from(auditHash(previous, record)) } });
}

/** The next events after `seq`, in order; for verification in bounded steps. */
export const auditEventsAfter = (db: Reader, seq: bigint, limit: number): Promise<ChainedRecord[]> =>
  db.auditEvent.findMany({ where: { seq: { gt: seq } }, orderBy: { seq: 'asc' }, take: limit });
