// Local accounts. Every failure reads the same and costs the same, whether the account exists or not; only failures
// count against the limits, per account and per client address.
import { createHash } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { verifyPassword } from '@hostmaster/core/person/password';
import type { Ctx } from '../context.ts';
import { consumeLimit, type Limit, refundLimit } from '../rate-limit/consume.ts';
import { oneAtATime } from './one-at-a-time.ts';

export type SignInInput = {
  /** Account name or e-mail address, in any case. */
  readonly account: string;
  readonly password: string;
  readonly clientAddress: string;
};

const perAccount = { limit: 10, windowSeconds: 300 };
const perAddress = { limit: 50, windowSeconds: 300 };
/** A hash takes 128 MiB: two at once, and a queue that is short enough to be answered in time. */
const hashing = oneAtATime({ running: 2, waiting: 40 });

/** The id of the person. Errors: sign-in-failed (one text for every cause), rate-limited, unavailable (too many at once). */
export async function signIn(ctx: Pick<Ctx, 'db' | 'clock'>, input: SignInInput): Promise<{ id: string }> {
  const account = input.account.trim().toLowerCase();
  // Hashed, so that what somebody typed into the wrong field is not kept.
  const accountKey = createHash('sha256').update(account).digest('hex').slice(0, 32);
  const limits: Limit[] = [
    { key: `sign-in:account:${accountKey}`, ...perAccount },
    { key: `sign-in:address:${input.clientAddress.slice(0, 64)}`, ...perAddress },
  ];
  for (const limit of limits) await consumeLimit(ctx, limit);
  const plausible = account.length <= 254 && input.password.length <= 1024 && !account.includes('\0');
  const person = plausible
    ? await ctx.db.person.findFirst({
        where: { OR: [{ account }, { email: account }], disabledAt: null },
        select: { id: true, passwordHash: true },
      })
    : null;
  const right = await hashing(() => verifyPassword(plausible ? input.password : '', person?.passwordHash ?? null));
  if (person === null || !right) throw new HostmasterError('sign-in-failed', 'The account or the password is not right.');
  for (const limit of limits) await refundLimit(ctx, limit);
  return { id: person.id };
}
