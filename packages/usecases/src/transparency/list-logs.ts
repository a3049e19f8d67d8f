import type { listQuery } from '@hostmaster/core/contract/page';
import type { TransparencyLogRow, transparencyLogPage } from '@hostmaster/core/contract/transparency';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { presentLog, readLog, withFound } from './log-columns.ts';

const place = 'transparency-logs-address';

/** Logs that are read, by address, and how far. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listLogs(ctx: Ctx, { cursor, limit }: z.output<typeof listQuery>): Promise<z.output<typeof transparencyLogPage>> {
  authorize(ctx.actor, 'discovery.read');
  const after = decodeCursor(place, [positions.text], cursor);
  const where = after === null ? {} : { address: { gt: after[0] } };
  const [read, counted] = await Promise.all([
    ctx.db.transparencyLog.findMany({ where, include: withFound, orderBy: { address: 'asc' }, take: limit + 1 }),
    ctx.db.transparencyLog.count({ take: countedAtMost + 1 }),
  ]);
  const { page, nextCursor } = pageOf(read, limit, ({ address }) => encodeCursor(place, [address]));
  return { rows: page.map(presentLog), nextCursor, total: totalOf(counted) };
}

/** One log that is read. Errors: forbidden, not-found. */
export async function getLog(ctx: Ctx, { id }: { readonly id: string }): Promise<TransparencyLogRow> {
  authorize(ctx.actor, 'discovery.read');
  return presentLog(await readLog(ctx.db, id));
}
