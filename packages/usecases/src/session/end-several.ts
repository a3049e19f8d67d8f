import type { endedSessions } from '@hostmaster/core/contract/person';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import type { z } from 'zod';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { endSession } from './end.ts';
import { endSessionsOf } from './end-all.ts';

/** Ends one of the asker's own sessions; twice is no error. Errors: forbidden (a token), not-found, also for somebody else's. */
export async function endOwnSession(ctx: Ctx, { id }: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'account.manage');
  const own = await ctx.db.session.count({ where: { id, personId: ctx.actor.id } });
  if (own === 0) throw new HostmasterError('not-found', `There is no session ${id} of yours.`);
  await endSession(ctx, id);
}

/** Ends all of the asker's sessions but the one that asks. Errors: forbidden (a token). */
export async function endOtherSessions(ctx: Ctx, current: string | null): Promise<z.output<typeof endedSessions>> {
  authorize(ctx.actor, 'account.manage');
  return endAll(ctx, ctx.actor.id, current);
}

/** Ends every session of somebody. Errors: forbidden, not-found. */
export async function endSessionsOfPerson(ctx: Ctx, { id }: { readonly id: string }): Promise<z.output<typeof endedSessions>> {
  authorize(ctx.actor, 'person.manage');
  return endAll(ctx, id, null);
}

function endAll(ctx: Ctx, personId: string, but: string | null): Promise<z.output<typeof endedSessions>> {
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const person = await tx.person.findFirst({ where: { id: personId }, select: { email: true } });
    if (person === null) throw new HostmasterError('not-found', `There is no person ${personId}.`);
    const ended = await endSessionsOf(tx, personId, now, but);
    if (ended > 0) await audit(tx, ctx, 'person.end-sessions', { id: personId, name: person.email }, { endedSessions: ended }, now);
    return { ended };
  });
}
