import type { requestPage, requestsQuery } from '@hostmaster/core/contract/request';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { Db } from '@hostmaster/db/client';
import { applyingRequests } from '@hostmaster/db/home';
import { literal } from '@hostmaster/db/like';
import { open } from '@hostmaster/db/state-lists';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { ownWork, presentRequestRow } from './present.ts';
import { waitingFor } from './waiting-for.ts';

type Where = NonNullable<NonNullable<Parameters<Db['request']['findMany']>[0]>['where']>;

/** Not over, or applied while work on it is not (the stage `applying`): the first page counts the same. */
const isOpen = async (db: Db): Promise<Where> => ({ OR: [{ state: { in: open } }, { id: { in: await applyingRequests(db) } }] });

/** Requests, the newest first, the review queue the oldest first, unless asked otherwise. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listRequests(ctx: Ctx, query: z.output<typeof requestsQuery>): Promise<z.output<typeof requestPage>> {
  authorize(ctx.actor, 'request.read');
  const queue = query.queue === true;
  const order = query.order ?? (queue ? 'asc' : 'desc');
  const place = `requests-${order}`;
  const after = decodeCursor(place, [positions.time, positions.id], query.cursor);
  const where: Where = {
    AND: [
      query.state ? { state: query.state } : {},
      query.team ? { team: { slug: query.team } } : {},
      query.mine === true ? { teamId: { in: ctx.actor.teams.map(({ id }) => id) } } : {},
      query.search ? { hostname: { contains: literal(query.search.toLowerCase()) } } : {},
      query.open === true ? await isOpen(ctx.db) : {},
      queue ? waitingFor(ctx.actor) : {},
    ],
  };
  const beyond = order === 'asc' ? 'gt' : 'lt';
  const position: Where =
    after === null ? {} : { OR: [{ createdAt: { [beyond]: after[0] } }, { createdAt: after[0], id: { [beyond]: after[1] } }] };
  const [read, counted, workforce] = await Promise.all([
    ctx.db.request.findMany({
      where: { AND: [where, position] },
      include: {
        team: { select: { slug: true } },
        reviews: true,
        operations: { where: ownWork, orderBy: { createdAt: 'desc' }, take: 1 },
        endpoint: { select: { state: true, revision: true, certificateOnly: true } },
        revisions: { orderBy: { number: 'desc' }, take: 1, select: { number: true } },
      },
      omit: { contract: true, decision: true, plan: true },
      orderBy: [{ createdAt: order }, { id: order }],
      take: query.limit + 1,
    }),
    ctx.db.request.count({ where, take: countedAtMost + 1 }),
    readWorkforce(ctx.db),
  ]);
  const { page, nextCursor } = pageOf(read, query.limit, (last) => encodeCursor(place, [last.createdAt.toISOString(), last.id]));
  return { rows: page.map((row) => presentRequestRow(ctx.actor, row, workforce)), nextCursor, total: totalOf(counted) };
}
