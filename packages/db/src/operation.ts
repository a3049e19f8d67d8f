// Operations: the work that brings observed to desired. One unfinished operation per subject; a newer generation
// supersedes the older; every write of a worker carries the fence it claimed, so that a worker which slept through its
// lease writes nothing.
import { HostmasterError } from '@hostmaster/core/errors';
import type { Db, Reader, Tx } from './client.ts';
import { type Operation, type OperationKind, Prisma } from './generated/prisma/client.ts';
import { nudge } from './outbox.ts';
import { unfinished, unfinishedSql } from './state-lists.ts';

export type { Operation, OperationKind, OperationState } from './generated/prisma/client.ts';

export type NewOperation = {
  readonly kind: OperationKind;
  readonly subject: string;
  readonly step: string;
  readonly reason: string;
  readonly movesNext: string;
  readonly endpointId?: string;
  readonly requestId?: string;
  readonly zoneId?: string;
  readonly trail?: Prisma.InputJsonArray;
};

/** Until the transaction ends nobody else begins work on the subject. Taken after rows of its work, never before. */
async function lockSubject(tx: Tx, subject: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${subject}, 1))`;
}

/** Begins work on a subject in the caller's transaction: supersedes what is unfinished, raises the generation, nudges a worker. */
export async function startOperation(tx: Tx, input: NewOperation, now: Date): Promise<Operation> {
  // Two starts for one subject must not both see the same newest generation.
  await lockSubject(tx, input.subject);
  const newest = await tx.operation.findFirst({
    where: { subject: input.subject },
    orderBy: { generation: 'desc' },
    select: { generation: true },
  });
  await tx.operation.updateMany({
    where: { subject: input.subject, state: { in: unfinished } },
    data: {
      state: 'superseded',
      reason: 'A newer wish for the same subject replaced it.',
      movesNext: 'nobody',
      finishedAt: now,
      nextAttemptAt: null,
      leasedUntil: null,
    },
  });
  const { trail, ...rest } = input;
  const operation = await tx.operation.create({
    data: { ...rest, generation: (newest?.generation ?? 0) + 1, since: now, createdAt: now, ...(trail ? { trail } : {}) },
  });
  await nudge(tx, 'operation.run', { operationId: operation.id });
  return operation;
}

/** For `error`: none any more. */
export const noError = Prisma.DbNull;

export type Claim = { readonly id: string; readonly fence: number };

/** Raised when another worker or a newer generation has taken over: stop at once, write nothing. */
export class FenceLost extends Error {
  override readonly name = 'FenceLost';
}

/** Claims a due operation for `leaseSeconds`, or answers null where it is finished, not due, or leased to somebody else. */
export async function claimOperation(db: Db, id: string, leaseSeconds: number): Promise<Operation | null> {
  const claimed = await db.$queryRaw<{ id: string }[]>`
    UPDATE operation
       SET fence = fence + 1, attempts = attempts + 1, state = 'running', leased_until = now() + make_interval(secs => ${leaseSeconds})
     WHERE id = ${id}::uuid
       AND state IN ${unfinishedSql}
       AND (next_attempt_at IS NULL OR next_attempt_at <= now())
       AND (leased_until IS NULL OR leased_until < now())
    RETURNING id`;
  return claimed.length === 0 ? null : db.operation.findUnique({ where: { id } });
}

/** Writes to a claimed operation. Errors: FenceLost when the claim is no longer ours. */
export async function writeOperation(tx: Reader, claim: Claim, data: Prisma.OperationUpdateManyMutationInput): Promise<void> {
  const { count } = await tx.operation.updateMany({ where: { id: claim.id, fence: claim.fence, state: 'running' }, data });
  if (count === 0) throw new FenceLost(`operation ${claim.id} is no longer held with fence ${claim.fence}`);
}

/** Prolongs the lease of a claimed operation. Errors: FenceLost. */
export async function extendLease(db: Db, claim: Claim, leaseSeconds: number): Promise<void> {
  const count = await db.$executeRaw`
    UPDATE operation SET leased_until = now() + make_interval(secs => ${leaseSeconds})
     WHERE id = ${claim.id}::uuid AND fence = ${claim.fence} AND state = 'running'`;
  if (count === 0) throw new FenceLost(`operation ${claim.id} is no longer held with fence ${claim.fence}`);
}

/** Ids of operations that are due and leased to nobody: what the sweep nudges again. */
export async function dueOperations(db: Db, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM operation
     WHERE state IN ${unfinishedSql}
       AND (next_attempt_at IS NULL OR next_attempt_at <= now())
       AND (leased_until IS NULL OR leased_until < now())
     ORDER BY created_at LIMIT ${limit}`;
  return rows.map((row) => row.id);
}

/** Errors: not-found. */
export async function getOperation(db: Reader, id: string): Promise<Operation> {
  const operation = await db.operation.findUnique({ where: { id } });
  if (operation === null) throw new HostmasterError('not-found', `There is no operation ${id}.`);
  return operation;
}

/** Begins work that nobody asked for, where the subject has none under way; null where it has: that is left as it is. */
export async function startIfIdle(tx: Tx, input: NewOperation, now: Date): Promise<Operation | null> {
  await lockSubject(tx, input.subject);
  const busy = await tx.operation.count({ where: { subject: input.subject, state: { in: unfinished } }, take: 1 });
  return busy > 0 ? null : startOperation(tx, input, now);
}

/** Makes the subject's unfinished work due now and nudges a worker; null where nothing is under way. */
export async function hurryOperation(tx: Tx, subject: string): Promise<Operation | null> {
  const operation = await tx.operation.findFirst({ where: { subject, state: { in: unfinished } } });
  if (operation === null) return null;
  await tx.operation.updateMany({ where: { id: operation.id, state: 'waiting' }, data: { nextAttemptAt: null } });
  await nudge(tx, 'operation.run', { operationId: operation.id });
  return operation;
}
