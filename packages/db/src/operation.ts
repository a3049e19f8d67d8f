// Operations: the work that brings observed to desired. One unfinished operation per subject; a newer generation
// supersedes the older; every write of a worker carries the fence it claimed, so that a worker which slept through its
// lease writes nothing.

import { HostmasterError } from '@hostmaster/core/errors';
import type { Lane } from '@hostmaster/core/operation/lane';
import { hostmaster, nobody } from '@hostmaster/core/operation/moves-next';
import { displacedBy, type OperationNature, stepsOf, type ZonePurpose } from '@hostmaster/core/operation/purpose';
import type { OperationState } from '@hostmaster/core/operation/state';
import type { Db, Reader, Tx } from './client.ts';
import { type Operation, Prisma } from './generated/prisma/client.ts';
import { lockOf } from './locks.ts';
import { nudge } from './outbox.ts';
import { unfinished, unfinishedSql } from './state-lists.ts';
import { transact } from './transaction.ts';
import { transition } from './transition.ts';

export type { Operation } from './generated/prisma/client.ts';

export type NewOperation = OperationNature & {
  readonly subject: string;
  readonly reason: string;
  readonly endpointId?: string;
  readonly requestId?: string;
  readonly zoneId?: string | null;
  /** The operation that this one is a part of. */
  readonly parentId?: string;
  /** It does not begin before this. */
  readonly notBefore?: Date;
};

/**
 * Begins work on a subject in the caller's transaction and nudges a worker: takes the place of unfinished work that such a
 * wish displaces (core/operation/purpose.ts), and raises the generation. Null where other work is under way: that is left
 * as it is.
 */
export async function startOperation(tx: Tx, input: NewOperation, now: Date): Promise<Operation | null> {
  const { kind, purpose, subject } = input;
  // Two starts for one subject must not both see the same newest generation. Taken after rows of its work, never before.
  await lockOf(tx, 'work', subject);
  const [newest] = await tx.operation.findMany({
    where: { subject },
    orderBy: { generation: 'desc' },
    select: { id: true, generation: true, state: true, purpose: true, leasedUntil: true, notBefore: true },
    take: 1,
  });
  let { notBefore } = input;
  if (newest !== undefined && unfinished.includes(newest.state)) {
    if (!displacedBy[purpose].includes(newest.purpose)) return null;
    const taken = await supersede(tx, { id: newest.id }, 'Newer work on the same name took its place.', now);
    // What a run under way has just sent must have arrived before anybody looks what is there; one that has just ended needs no wait.
    const holds = taken === 0 ? [] : [newest.leasedUntil, newest.notBefore];
    for (const held of holds) if (held !== null && held > (notBefore ?? now)) notBefore = held;
  }
  const operation = await tx.operation.create({
    data: {
      ...input,
      generation: (newest?.generation ?? 0) + 1,
      step: stepsOf(kind, purpose)[0] ?? '',
      movesNext: hostmaster,
      since: now,
      createdAt: now,
      notBefore: notBefore ?? null,
      nextAttemptAt: notBefore ?? null,
    },
  });
  await nudge(tx, 'operation.run', { operationId: operation.id });
  return operation;
}

/** Which work ends: one piece of it, or what there is on a zone itself. */
type Ending = { readonly id: string } | { readonly kind: 'zone'; readonly zoneId: string; readonly purpose?: ZonePurpose };

/** Ends unfinished work for something newer: a worker that is at it writes nothing any more. @returns how much there was */
export const supersede = (tx: Tx, work: Ending, reason: string, now: Date): Promise<number> =>
  transition(tx, 'operation', work, 'supersede', {
    reason,
    movesNext: nobody,
    finishedAt: now,
    nextAttemptAt: null,
    leasedUntil: null,
  });

/** A run that found its work superseded is over, and so is all that it sent: what took its place need not wait for its lease. */
export async function giveWay(db: Db, { id, fence, subject, generation }: Operation): Promise<void> {
  await transact(db, async (tx) => {
    if ((await tx.operation.count({ where: { id, fence, state: 'superseded' } })) === 0) return;
    const next = await tx.operation.findFirst({
      where: { subject, generation: { gt: generation }, attempts: 0, notBefore: { not: null }, state: { in: unfinished } },
      select: { id: true },
    });
    if (next === null) return;
    await tx.operation.updateMany({ where: { id: next.id, attempts: 0 }, data: { notBefore: null, nextAttemptAt: null } });
    await nudge(tx, 'operation.run', { operationId: next.id });
  });
}

/** For `error`: none any more. */
export const noError = Prisma.DbNull;
/** For `progress`: nothing is counted any more. */
export const noProgress = Prisma.DbNull;

export type Claim = { readonly id: string; readonly fence: number };

/** Raised when another worker or a newer generation has taken over: stop at once, write nothing. */
export class FenceLost extends Error {
  override readonly name = 'FenceLost';
}

/**
 * Claims a due operation for `leaseSeconds`, or answers null where it is finished, not due, or leased to somebody else, or has
 * left the lane in which it was found.
 */
export async function claimOperation(db: Db, id: string, leaseSeconds: number, lane: Lane | null = null): Promise<Operation | null> {
  const [claimed] = await db.$queryRaw<Claim[]>`
    UPDATE operation
       SET fence = fence + 1, attempts = attempts + 1, hurried = false, state = ${claimedState}::operation_state,
           leased_until = now() + make_interval(secs => ${leaseSeconds})
     WHERE id = ${id}::uuid AND state IN ${unfinishedSql} AND ${isDue} AND lane = coalesce(${lane}::operation_lane, lane)
    RETURNING id, fence`;
  if (claimed === undefined) return null;
  const row = await db.operation.findUnique({ where: { id } });
  // Whoever slept for longer than its lease between the two reads the fence of the one that took over.
  return row === null || row.fence !== claimed.fence ? null : row;
}

/** Every unfinished state can be claimed: a running one where its lease has run out (operation.test.ts). */
const claimedState = 'running' satisfies OperationState;
/** Its time has come, and nobody holds it. */
export const isDue = Prisma.sql`
  (next_attempt_at IS NULL OR next_attempt_at <= now()) AND (not_before IS NULL OR not_before <= now())
  AND (leased_until IS NULL OR leased_until < now())`;

export const lost = ({ id, fence }: Claim): FenceLost => new FenceLost(`operation ${id} is no longer held with fence ${fence}`);

/** Writes to a claimed operation. Errors: FenceLost when the claim is no longer ours. */
export async function writeOperation(
  tx: Reader,
  claim: Claim,
  data: Prisma.OperationUpdateManyMutationInput & { readonly state?: never },
): Promise<void> {
  const { count } = await tx.operation.updateMany({ where: { ...claim, state: claimedState }, data });
  if (count === 0) throw lost(claim);
}

/**
 * Ends a run of a claimed operation and lets go of its lease; what waits after it is due at once where somebody hurried it meanwhile, since
 * that run may have looked before they wished. Errors: FenceLost.
 */
export async function endRun(
  tx: Tx,
  claim: Claim,
  event: 'wait' | 'succeed' | 'fail',
  data: Prisma.OperationUncheckedUpdateManyInput & { readonly state?: never },
): Promise<void> {
  if ((await transition(tx, 'operation', { ...claim }, event, { ...data, leasedUntil: null })) === 0) throw lost(claim);
  // Whoever hurries it from here on waits for this transaction, and finds it waiting.
  if (event === 'wait') await tx.operation.updateMany({ where: { ...claim, hurried: true }, data: { nextAttemptAt: null } });
}

/** Prolongs the lease of a claimed operation. Errors: FenceLost. */
export async function extendLease(db: Reader, claim: Claim, leaseSeconds: number): Promise<void> {
  const count = await db.$executeRaw`
    UPDATE operation SET leased_until = now() + make_interval(secs => ${leaseSeconds})
     WHERE id = ${claim.id}::uuid AND fence = ${claim.fence} AND state = ${claimedState}::operation_state`;
  if (count === 0) throw lost(claim);
}

/** Errors: not-found. */
export async function getOperation(db: Reader, id: string): Promise<Operation> {
  const operation = await db.operation.findUnique({ where: { id } });
  if (operation === null) throw new HostmasterError('not-found', `There is no operation ${id}.`);
  return operation;
}

/** Makes the subject's unfinished work due now, or once the run under way ends, and nudges a worker; null where nothing is under way. */
export async function hurryOperation(tx: Tx, subject: string): Promise<Operation | null> {
  const operation = await tx.operation.findFirst({ where: { subject, state: { in: unfinished } } });
  if (operation === null) return null;
  await tx.operation.updateMany({ where: { id: operation.id, state: { in: unfinished } }, data: { nextAttemptAt: null, hurried: true } });
  await nudge(tx, 'operation.run', { operationId: operation.id });
  return operation;
}
