import { clientNetwork } from '@hostmaster/core/address/client-network';
import type { changePasswordInput, endedSessions } from '@hostmaster/core/contract/person';
import { hashPassword } from '@hostmaster/core/person/password';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import type { z } from 'zod';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { endSessionsOf } from '../session/end-all.ts';
import { checkNewPassword } from './check-password.ts';
import { hashing } from './hashing.ts';
import { endLinks } from './link.ts';
import { prove } from './prove.ts';

type Input = z.output<typeof changePasswordInput> & {
  readonly clientAddress: string;
  /** The session that asks: it stays, all others end. */
  readonly sessionId: string | null;
};

/**
 * Changes one's own password. The current one is proved first (prove.ts).
 * @param before the context of somebody who is not signed in, for that
 * Errors: forbidden (a token), sign-in-failed (the current one), invalid-input (the new one), rate-limited, unavailable.
 */
export async function changePassword(
  ctx: Ctx,
  { current, password, clientAddress, sessionId }: Input,
  before: Pick<Ctx, 'db' | 'clock'>,
): Promise<z.output<typeof endedSessions>> {
  authorize(ctx.actor, 'account.manage');
  const { id } = ctx.actor;
  const person = await ctx.db.person.findFirstOrThrow({ where: { id }, select: { name: true, email: true, account: true } });
  await prove(ctx, { password: current, path: 'current', clientAddress }, before);
  checkNewPassword(password, person);
  const hash = await hashing(clientNetwork(clientAddress), () => hashPassword(password));
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    await tx.password.updateMany({ where: { personId: id }, data: { hash, changedAt: now } });
    await endLinks(tx, id, now);
    const ended = await endSessionsOf(tx, id, now, sessionId);
    await audit(tx, ctx, 'person.change-password', { id, name: person.email }, { endedSessions: ended }, now);
    return { ended };
  });
}
