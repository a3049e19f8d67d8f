import { day } from '@hostmaster/core/duration';
import { fetchesKeptDays } from '@hostmaster/core/pki/bundle';
import { dropOrphanedReadings } from '@hostmaster/db/zone-reading';
import { rememberedDays } from '../account/dismiss.ts';
import type { Ctx } from '../context.ts';
import { keptDays } from '../idempotency/answer-once.ts';
import { knownClientDays, knownClientPrefix } from '../person/known-client.ts';

/** Removes what only memory kept: answers past their week, counters of past windows, clients that nobody signed in from any more, sessions and links that ended a month ago, dismissals of what nobody is shown any more, connections that were to be tried and never were, changes of the CA that no worker came to who fetched the roots three months ago, workers not seen for a day, what was read of zones that are gone. */
export async function purgeExpired(ctx: Pick<Ctx, 'db' | 'clock'>): Promise<void> {
  const before = (days: number): Date => new Date(ctx.clock.now().getTime() - days * day);
  await ctx.db.idempotencyKey.deleteMany({ where: { createdAt: { lt: before(keptDays) } } });
  await ctx.db.rateLimit.deleteMany({ where: { windowStart: { lt: before(1) }, NOT: { key: { startsWith: knownClientPrefix } } } });
  await ctx.db.rateLimit.deleteMany({ where: { windowStart: { lt: before(knownClientDays) } } });
  await ctx.db.session.deleteMany({ where: { expiresAt: { lt: before(30) } } });
  await ctx.db.passwordLink.deleteMany({ where: { expiresAt: { lt: before(30) } } });
  await ctx.db.dismissal.deleteMany({ where: { createdAt: { lt: before(rememberedDays) } } });
  await dropOrphanedReadings(ctx.db);
  await ctx.db.connectionTrial.deleteMany({ where: { createdAt: { lt: before(1) } } });
  await ctx.db.authorityChange.deleteMany({ where: { createdAt: { lt: before(1) } } });
  await ctx.db.bundleFetch.deleteMany({ where: { lastSeenAt: { lt: before(fetchesKeptDays) } } });
  await ctx.db.workerHeartbeat.deleteMany({ where: { lastSeenAt: { lt: before(1) } } });
}
