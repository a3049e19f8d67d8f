import { hash } from 'node:crypto';
import type { bundleFetchPage } from '@hostmaster/core/contract/authority';
import type { listQuery } from '@hostmaster/core/contract/page';
import { authorize } from '@hostmaster/core/policy/authorize';
import { countFetchers, fetchesByAddress } from '@hostmaster/db/bundle-fetch';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { decodeCursor, encodeCursor, pageOf, positions } from '../cursor.ts';
import { bundlePem, knownAnchors } from '../issuer/anchors.ts';
import { timestampOf } from '../timestamp.ts';

const place = 'bundle-fetches';
const isNewest = z.enum(['0', '1']);

/** From where the published roots were fetched in the last 90 days, those without the newest bundle first. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listBundleFetches(
  ctx: Ctx,
  { cursor, limit }: z.output<typeof listQuery>,
): Promise<z.output<typeof bundleFetchPage>> {
  authorize(ctx.actor, 'authority.manage');
  const after = decodeCursor(place, [isNewest, positions.text], cursor);
  const bundle = bundlePem(await knownAnchors(ctx));
  const newest = bundle === null ? '' : hash('sha256', bundle, 'hex');
  const from = after === null ? null : { newest: after[0] === '1', address: after[1] };
  const [read, total] = await Promise.all([fetchesByAddress(ctx.db, newest, from, limit + 1), countFetchers(ctx.db)]);
  const { page, nextCursor } = pageOf(read, limit, (last) => encodeCursor(place, [last.newest ? '1' : '0', last.address]));
  const rows = page.map(({ firstSeenAt, lastSeenAt, ...row }) => ({
    ...row,
    firstSeenAt: timestampOf(firstSeenAt),
    lastSeenAt: timestampOf(lastSeenAt),
  }));
  return { rows, nextCursor, total };
}
