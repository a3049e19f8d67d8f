import type { peoplePage, peopleQuery } from '@hostmaster/core/contract/person';
import { authorize } from '@hostmaster/core/policy/authorize';
import { countPeople, peopleByName } from '@hostmaster/db/person';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { presentPerson } from './present.ts';

/** People by name. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listPeople(ctx: Ctx, query: z.output<typeof peopleQuery>): Promise<z.output<typeof peoplePage>> {
  authorize(ctx.actor, 'person.manage');
  const { order, limit, state } = query;
  const place = `people-name-${order}`;
  const after = decodeCursor(place, [positions.text, positions.id], query.cursor);
  const filter = { state, search: query.search?.trim() || undefined };
  const position = after === null ? null : { name: after[0], id: after[1] };
  const [read, counted] = await Promise.all([
    peopleByName(ctx.db, filter, { after: position, order, limit: limit + 1 }),
    countPeople(ctx.db, filter, countedAtMost + 1),
  ]);
  const { page, nextCursor } = pageOf(read, limit, (last) => encodeCursor(place, [last.name, last.id]));
  return { rows: page.map(presentPerson), nextCursor, total: totalOf(counted) };
}
