import type { zoneRecordSetPage, zoneRecordSetsQuery } from '@hostmaster/core/contract/zone';
import { mostSearchedThrough } from '@hostmaster/core/contract/zone-search';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { countRecordSets, holdsMoreThan, recordSetsWithHolders } from '@hostmaster/db/zone-holder';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, totalOf } from '../cursor.ts';

const place = 'zone-record-sets';
/** A name of 255 bytes, each of them escaped (RFC 1035 §5.1). */
const position = [
  z
    .string()
    .max(1100)
    .regex(/^[\x20-\x7e]+$/),
  z.string().regex(/^[A-Z0-9]{1,16}$/),
] as const;

/**
 * The record sets of a zone as last read, of whatever type, by name and type, with the endpoint that holds each. `search` is looked for in
 * names and values, or is a type; in a large zone names are found that begin so. Errors: forbidden, not-found, invalid-input (the cursor).
 */
export async function listRecordSets(
  ctx: Ctx,
  { id, cursor, limit, search: text = '' }: z.output<typeof zoneRecordSetsQuery>,
): Promise<z.output<typeof zoneRecordSetPage>> {
  authorize(ctx.actor, 'zone.read');
  const [name, type] = decodeCursor(place, position, cursor) ?? ['', ''];
  const zone = await ctx.db.zone.findUnique({ where: { id }, select: { recordSetCount: true } });
  if (zone === null) throw new HostmasterError('not-found', `There is no zone ${id}.`);
  const search = text === '' ? null : ({ by: (await isLarge(ctx, id, zone.recordSetCount)) ? 'beginning' : 'part', text } as const);
  const [read, counted] = await Promise.all([
    recordSetsWithHolders(ctx.db, { zoneId: id, search, after: { name, type }, limit: limit + 1 }),
    // As large as it is known to be, it is not counted to be told that it is large.
    search === null && zone.recordSetCount > countedAtMost
      ? Number.POSITIVE_INFINITY
      : countRecordSets(ctx.db, { zoneId: id, search, limit: countedAtMost + 1 }),
  ]);
  const { page, nextCursor } = pageOf(read, limit, (last) => encodeCursor(place, [last.name, last.type]));
  return { rows: page.map((set) => ({ ...set })), nextCursor, total: totalOf(counted) };
}

/** By what the last reading counted, and by what is there, which may be more: a zone is stored for a while. */
const isLarge = async (ctx: Ctx, id: string, counted: number): Promise<boolean> =>
  counted > mostSearchedThrough || (await holdsMoreThan(ctx.db, id, mostSearchedThrough));
