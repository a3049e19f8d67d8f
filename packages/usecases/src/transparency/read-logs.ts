// Reads logs of Certificate Transparency: some entries of the log that waits for longest, from where it was left. Of an entry in which no
// zone that is connected has a name, nothing is kept.
import { asHostmasterError, HostmasterError } from '@hostmaster/core/errors';
import { backoffSeconds } from '@hostmaster/core/operation/backoff';
import { foundEntry } from '@hostmaster/core/transparency/found-entry';
import { headFault } from '@hostmaster/core/transparency/log';
import type { LogEntry } from '@hostmaster/core/transparency/log-entry';
import type { Tx } from '@hostmaster/db/client';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '../context.ts';
import { keepEntry, matchIssued } from './keep-certificate.ts';
import { kindOf } from './log-columns.ts';

type ReadCtx = Pick<WorkerCtx, 'db' | 'clock' | 'random' | 'log' | 'transparencyLog'>;
type Row = NonNullable<Awaited<ReturnType<typeof nextLog>>>;

/** Requests for entries, and for how long another one is begun, of one turn. */
const turn = 16;
const turnMilliseconds = 15_000;
/** Between readings of a log that was read to its end. */
const pauseSeconds = 60;
const pauses = { first: 30, factor: 2, longest: 3600 } as const;
const seconds = (from: Date, count: number): Date => new Date(from.getTime() + count * 1000);

const nextLog = ({ db, clock }: ReadCtx) =>
  db.transparencyLog.findFirst({
    where: { forkedAt: null, nextReadAt: { lte: clock.now() } },
    orderBy: [{ takenAt: { sort: 'asc', nulls: 'first' } }, { id: 'asc' }],
  });

/** @returns whether a log was due */
export async function readNextLog(ctx: ReadCtx, stop: AbortSignal): Promise<boolean> {
  const row = await nextLog(ctx);
  if (row === null) return false;
  const { id } = row;
  await ctx.db.transparencyLog.updateMany({ where: { id }, data: { takenAt: ctx.clock.now() } });
  try {
    await readSome(ctx, row, stop);
  } catch (error) {
    if (!stop.aborted) await noteFault(ctx, row, error);
  }
  await transact(ctx.db, (tx) => matchIssued(tx as Tx));
  return true;
}

async function noteFault(ctx: ReadCtx, { id, failures, address }: Row, error: unknown): Promise<void> {
  if (!(error instanceof HostmasterError)) ctx.log.warn({ err: error, address }, 'A log of Certificate Transparency cannot be read.');
  const { message, retryAfter } = asHostmasterError(error);
  const wait = retryAfter ?? backoffSeconds(failures + 1, ctx.random(), pauses);
  const data = { fault: message, failures: failures + 1, nextReadAt: seconds(ctx.clock.now(), wait) };
  await ctx.db.transparencyLog.updateMany({ where: { id }, data });
}

async function readSome(ctx: ReadCtx, row: Row, stop: AbortSignal): Promise<void> {
  const { id } = row;
  const log = ctx.transparencyLog({ address: row.address, kind: kindOf(row), publicKey: row.publicKey });
  const begun = AbortSignal.timeout(turnMilliseconds);
  let [position, size] = [Number(row.position), Number(row.treeSize)];
  if (row.position === null || row.root === null || position >= size) {
    const head = await log.head(stop);
    const wrong = row.root === null ? null : headFault({ size, root: row.root }, head);
    if (wrong?.forked) {
      const data = { fault: wrong.fault, forkedAt: ctx.clock.now() };
      await ctx.db.transparencyLog.updateMany({ where: { id }, data });
      return;
    }
    if (wrong !== null) throw new HostmasterError('unavailable', wrong.fault);
    if (row.position === null) position = head.size;
    size = head.size;
    const followed = { position: BigInt(position), treeSize: BigInt(size), root: Uint8Array.from(head.root) };
    const first = row.firstEntry === null ? { firstEntry: BigInt(position) } : {};
    await ctx.db.transparencyLog.updateMany({ where: { id }, data: { ...followed, ...first, ...answered(ctx) } });
  }
  for (let asked = 0; asked < turn && position < size && !begun.aborted && !stop.aborted; asked += 1) {
    const entries = await log.entries(position, size, stop);
    if (!(await keepEntries(ctx, row, position, entries))) return;
    position += entries.length;
  }
  // Whoever asked for it meanwhile is not overtaken by what is usual.
  const next = seconds(ctx.clock.now(), pauseSeconds * (0.95 + ctx.random() / 10));
  if (position >= size) await ctx.db.transparencyLog.updateMany({ where: { id, nextReadAt: row.nextReadAt }, data: { nextReadAt: next } });
}

const answered = ({ clock }: ReadCtx) => ({ readAt: clock.now(), fault: null, failures: 0 });

/** @returns whether it is still where it was: another worker may have been quicker, or somebody has removed it */
async function keepEntries(ctx: ReadCtx, { id }: Row, position: number, entries: readonly (LogEntry | null)[]): Promise<boolean> {
  const zones = await ctx.db.zone.findMany({ where: { givenUpAt: null }, select: { apex: true }, distinct: ['apex'] });
  const apexes = zones.map(({ apex }) => apex);
  const read = entries.map((entry, at) => ({ found: entry === null ? undefined : foundEntry(entry, apexes), entry: position + at }));
  const unreadable = read.filter(({ found }) => found === undefined).length;
  const seenAt = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const data = { position: BigInt(position + entries.length), unreadable: { increment: unreadable }, ...answered(ctx) };
    const { count } = await tx.transparencyLog.updateMany({ where: { id, position: BigInt(position) }, data });
    if (count === 0) return false;
    for (const { found, entry } of read) {
      if (found === undefined || found === null) continue;
      const certificateId = await keepEntry(tx as Tx, found, seenAt);
      const seen = { certificateId, logId: id, entry: BigInt(entry), seenAt };
      await tx.logSighting.createMany({ data: [seen], skipDuplicates: true });
    }
    return true;
  });
}
