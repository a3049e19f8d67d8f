import type { discoveredPage, discoveredQuery } from '@hostmaster/core/contract/discovery';
import { day } from '@hostmaster/core/duration';
import { authorize } from '@hostmaster/core/policy/authorize';
import { countDiscovered, type DiscoveredFilter, discoveredPage as readPage } from '@hostmaster/db/discovered';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { timestampOf } from '../timestamp.ts';
import { ownersOf } from './owners.ts';
import { presentDiscovered } from './present.ts';

const place = 'discovered-ends';

/** Certificates that were found, the first to end first, with whose they likely are. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listDiscovered(ctx: Ctx, query: z.output<typeof discoveredQuery>): Promise<z.output<typeof discoveredPage>> {
  authorize(ctx.actor, 'discovery.read');
  const now = ctx.clock.now();
  const { search, verdict, scope, endsWithin, served, cursor, limit } = query;
  const after = decodeCursor(place, [positions.time, positions.id], cursor);
  const filter: DiscoveredFilter = {
    served,
    ...(search ? { search } : {}),
    ...(verdict ? { verdict } : {}),
    ...(scope ? { scope } : {}),
    ...(endsWithin === undefined ? {} : { endingBefore: new Date(now.getTime() + endsWithin * day) }),
  };
  const position = after === null ? null : { ends: new Date(after[0]), id: after[1] };
  const [read, counted] = await Promise.all([
    readPage(ctx.db, filter, { after: position, order: 'asc', limit: limit + 1 }, now),
    countDiscovered(ctx.db, filter, countedAtMost + 1, now),
  ]);
  const { page, nextCursor } = pageOf(read, limit, ({ ends, id }) => encodeCursor(place, [timestampOf(ends), id]));
  const owners = await ownersOf(ctx.db, page, now);
  return { rows: page.map((row, at) => presentDiscovered(row, owners[at] ?? null)), nextCursor, total: totalOf(counted) };
}
