import { HostmasterError } from '@hostmaster/core/errors';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { minuteOf } from '@hostmaster/core/said-time';
import { tokenOfHash } from '@hostmaster/db/actor';
import type { Ctx } from '../context.ts';
import { looksLikeToken, tokenHash } from './secret.ts';

/** How stale "last used" may be: a token in a loop must not write its row on every call. */
const usedSeconds = 60;

/** Who a bearer token stands for. Errors: not-signed-in, saying whether it is unknown, expired, revoked or its owner disabled. */
export async function authenticateToken(ctx: Pick<Ctx, 'db' | 'clock'>, secret: string): Promise<Actor> {
  const found = looksLikeToken(secret) ? await tokenOfHash(ctx.db, tokenHash(secret)) : null;
  if (found === null) throw new HostmasterError('not-signed-in', 'This token is not known.');
  const now = ctx.clock.now();
  const { actor } = found;
  if (found.revokedAt !== null) throw new HostmasterError('not-signed-in', `The token "${found.name}" was revoked.`);
  if (found.expiresAt <= now)
    throw new HostmasterError('not-signed-in', `The token "${found.name}" expired at ${minuteOf(found.expiresAt)}.`);
  if (found.ownerDisabled) throw new HostmasterError('not-signed-in', `The owner of the token "${found.name}" is disabled.`);
  const stale = new Date(now.getTime() - usedSeconds * 1000);
  if (found.lastUsedAt === null || found.lastUsedAt < stale)
    await ctx.db.serviceToken.updateMany({
      where: { id: actor.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: stale } }] },
      data: { lastUsedAt: now },
    });
  return actor;
}
