import type { destinationPage } from '@hostmaster/core/contract/destination';
import type { listQuery } from '@hostmaster/core/contract/page';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { readDestinations } from './present.ts';

const place = 'destinations-slug';

/** Destinations with what they are attached to, by short name. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listDestinations(ctx: Ctx, { cursor, limit }: z.output<typeof listQuery>): Promise<z.output<typeof destinationPage>> {
  authorize(ctx.actor, 'destination.read');
  const after = decodeCursor(place, [positions.text], cursor);
  const [read, counted] = await Promise.all([
    readDestinations(ctx.db, after === null ? {} : { slug: { gt: after[0] } }, limit + 1),
    ctx.db.destination.count({ take: countedAtMost + 1 }),
  ]);
  const { page, nextCursor } = pageOf(read, limit, ({ slug }) => encodeCursor(place, [slug]));
  return { rows: [...page], nextCursor, total: totalOf(counted) };
}
