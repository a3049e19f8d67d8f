import { type AuditRecord, auditHash, type ChainedRecord, genesisHash } from '@hostmaster/core/audit/chain';
import type { Reader, Tx } from './client.ts';
import type { Prisma } from './generated/prisma/client.ts';

export type NewAuditEvent = Omit<AuditRecord, 'seq' | 'detail'> & { readonly detail: Prisma.InputJsonObject };

/** Appends in the transaction of the act itself: an act whose audit event cannot be written does not happen. */
export async function appendAudit(tx: Tx, event: NewAuditEvent): Promise<void> {
  // Waits for whoever appends at the moment; held until the transaction ends, so append last.
  const [last] = await tx.$queryRaw<{ seq: bigint | null; hash: Uint8Array | null }[]>`SELECT seq, hash FROM audit_head()`;
  const previous = last?.hash ?? genesisHash;
  const record = { ...event, seq: (last?.seq ?? 0n) + 1n };
  // Whoever appends need not be one who reads.
  await tx.auditEvent.createMany({
    data: { ...record, previous: Buffer.from(previous), hash: Buffer.from(auditHash(previous, record)) },
  });
}

/** The next events after `seq`, in order; for verification in bounded steps. */
export const auditEventsAfter = (db: Reader, seq: bigint, limit: number): Promise<ChainedRecord[]> =>
  db.auditEvent.findMany({ where: { seq: { gt: seq } }, orderBy: { seq: 'asc' }, take: limit });
