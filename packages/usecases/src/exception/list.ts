import type { exceptionPage } from '@hostmaster/core/contract/exception';
import type { listQuery } from '@hostmaster/core/contract/page';
import { authorize } from '@hostmaster/core/policy/authorize';
import { exceptableRules } from '@hostmaster/core/policy/exceptable';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { timestampOf } from '../timestamp.ts';
import { presentException } from './present.ts';

const place = 'exceptions-until';

/** Exceptions, the longest lasting first, and the rules that one may lift. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listExceptions(ctx: Ctx, { cursor, limit }: z.output<typeof listQuery>): Promise<z.output<typeof exceptionPage>> {
  authorize(ctx.actor, 'exception.read');
  const after = decodeCursor(place, [positions.time, positions.id], cursor);
  const [read, counted] = await Promise.all([
    ctx.db.policyException.findMany({
      where: after === null ? {} : { OR: [{ until: { lt: new Date(after[0]) } }, { until: new Date(after[0]), id: { lt: after[1] } }] },
      orderBy: [{ until: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    }),
    ctx.db.policyException.count({ take: countedAtMost + 1 }),
  ]);
  const { page, nextCursor } = pageOf(read, limit, ({ until, id }) => encodeCursor(place, [timestampOf(until), id]));
  return {
    rows: page.map(presentException),
    nextCursor,
    total: totalOf(counted),
    rules: exceptableRules.map(({ name, describe }) => ({ name, holds: describe })),
  };
}
