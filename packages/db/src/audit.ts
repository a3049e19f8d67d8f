import { type AuditRecord, auditHash, type ChainedRecord, genesisHash } from '@hostmaster/core/audit/chain';
import type { Reader, Tx } from './client.ts';
import type { Prisma } from './generated/prisma/client.ts';

export type NewAuditEvent = Omit<AuditRecord, 'seq' | 'detail'> & { readonly detail: Prisma.InputJsonObject };

/** Appends in the transaction of the act itself: an act whose audit event cannot be written does not happen. */
export const appendAudit = (tx: Tx, event: NewAuditEvent): Promise<void> => appendAudits(tx, [event]);

/** As `appendAudit`, for events of one act: they stand together, in this order. */
export async function appendAudits(tx: Tx, events: readonly NewAuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  // Waits for whoever appends at the moment; held until the transaction ends, so append last.
  const [last] = await tx.$queryRaw<{ seq: bigint | null; hash: Uint8Array | null }[]>`SELECT seq, hash FROM audit_head()`;
  let previous = last?.hash ?? genesisHash;
  let seq = last?.seq ?? 0n;
  const data = events.map((event) => {
    seq += 1n;
    const record = { ...event, seq };
    const hash = auditHash(previous, record);
    const row = { ...record, previous: Buffer.from(previous), hash: Buffer.from(hash) };
    previous = hash;
    return row;
  });
  // Whoever appends need not be one who reads.
  await tx.auditEvent.createMany({ data });
}

/** The next events after `seq`, in order; for verification in bounded steps. */
export const auditEventsAfter = (db: Reader, seq: bigint, limit: number): Promise<ChainedRecord[]> =>
  db.auditEvent.findMany({ where: { seq: { gt: seq } }, orderBy: { seq: 'asc' }, take: limit });
