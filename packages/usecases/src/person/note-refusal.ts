// Sign-ins that failed, in the audit trail. A burst is told by its size, not try by try, and an account that is not known as
// any other: whoever guesses must neither fill the trail nor learn from the time it takes who is there.

import { clientNetwork } from '@hostmaster/core/address/client-network';
import { isTold } from '@hostmaster/core/audit/told-tries';
import { transact } from '@hostmaster/db/transaction';
import { systemActor } from '../actor.ts';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { countTry } from '../rate-limit/consume.ts';

export type LockedOut = 'account' | 'account from one address' | 'address';
type Refused = {
  /** Id and e-mail address of whom it was tried for; of an account that is not known, a hash in place of what was typed. */
  readonly subject: { readonly id: string; readonly name: string };
  readonly address: string;
  /** Which try it was, in the window of its counter. */
  readonly tries: number;
  readonly method: 'password' | 'oidc' | 'link';
};
type Refusal = Refused & {
  /** In our own words; where whoever tried is told nothing, neither is the trail. */
  readonly reason?: string;
};
type Sources = Pick<Ctx, 'db' | 'clock'>;

/** Of all that is refused together; that somebody was locked out is told besides. */
const windowSeconds = 300;
const mostTold = { key: 'sign-in:told', limit: 100, windowSeconds };

/** Writes down that a sign-in failed: the first of a window, the tenth and the hundredth. */
export async function noteRefusal(ctx: Sources, { subject, ...detail }: Refusal): Promise<void> {
  if (!isTold(detail.tries)) return;
  const { count } = await countTry(ctx, mostTold);
  if (count > mostTold.limit) return;
  await transact(ctx.db, (tx) => audit(tx, { ...ctx, actor: systemActor }, 'session.refuse', subject, detail));
}

/** The same where nothing counts the tries for a limit: of one person (or of all that are not known together) from one address. */
export async function countRefusal(
  ctx: Sources,
  { clientAddress, ...refusal }: Omit<Refusal, 'address' | 'tries'> & { readonly clientAddress: string },
): Promise<void> {
  const address = clientNetwork(clientAddress);
  const key = `sign-in:${refusal.method}:${refusal.subject.id}:${address}`;
  const { count: tries } = await countTry(ctx, { key, limit: 1, windowSeconds });
  await noteRefusal(ctx, { ...refusal, address, tries });
}

/** Writes down that no more tries are taken until the window ends. */
export async function noteLockOut(ctx: Sources, { subject, ...detail }: Refused, of: LockedOut): Promise<void> {
  await transact(ctx.db, (tx) => audit(tx, { ...ctx, actor: systemActor }, 'session.lock-out', subject, { ...detail, of }));
}
