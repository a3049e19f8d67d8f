import type { tokenList } from '@hostmaster/core/contract/account';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import { personBehind } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { presentToken, tokenInclude } from './present.ts';

/** Far more than anybody should have; what is beyond is old and revoked. */
const most = 200;

/** The asker's own tokens, newest first. */
export async function listTokens(ctx: Ctx): Promise<z.output<typeof tokenList>> {
  authorize(ctx.actor, 'token.read');
  const ownerId = personBehind(ctx.actor);
  if (ownerId === null) return { rows: [] };
  const rows = await ctx.db.serviceToken.findMany({ where: { ownerId }, orderBy: { id: 'desc' }, take: most, include: tokenInclude });
  return { rows: rows.map(presentToken) };
}
