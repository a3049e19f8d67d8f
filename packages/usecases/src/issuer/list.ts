import type { issuerPage } from '@hostmaster/core/contract/issuer';
import type { listQuery } from '@hostmaster/core/contract/page';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { decodeCursor, encodeCursor, pageOf, positions } from '../cursor.ts';
import { readIssuers } from './present.ts';

const place = 'issuers-made';

/** The certificate authorities, the newest first, the root last. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listIssuers(ctx: Ctx, { cursor, limit }: z.output<typeof listQuery>): Promise<z.output<typeof issuerPage>> {
  authorize(ctx.actor, 'issuer.read');
  const after = decodeCursor(place, [positions.id], cursor);
  const { rows, present } = await readIssuers(ctx.db, ctx.issuerKinds, ctx.clock.now());
  const from = after === null ? 0 : rows.findIndex(({ id }) => id === after[0]) + 1;
  const { page, nextCursor } = pageOf(rows.slice(from, from + limit + 1), limit, ({ id }) => encodeCursor(place, [id]));
  return { rows: page.map(present), nextCursor, total: rows.length };
}
