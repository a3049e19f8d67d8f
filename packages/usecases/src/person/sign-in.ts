// Local accounts. Every failure reads the same and costs the same, whether the account exists or not; only failures
// count against the limits: of one client for one account, of one client, and, so high that nobody is locked out by a
// single client, for one account.
import { createHash } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { verifyPassword } from '@hostmaster/core/person/password';
import type { Ctx } from '../context.ts';
import { consumeLimit, type Limit, refundLimit } from '../rate-limit/consume.ts';
import { hashing } from './hashing.ts';

export type SignInInput = {
  /** Account name or e-mail address, in any case. */
  readonly account: string;
  readonly password: string;
  readonly clientAddress: string;
};

const window = { windowSeconds: 300 };
const perAccountAndAddress = { limit: 10, ...window };
const perAddress = { limit: 50, ...window };
const perAccount = { limit: 200, ...window };

/** The id of the person. Errors: sign-in-failed (one text for every cause), rate-limited, unavailable (too many at once). */
export async function signIn(ctx: Pick<Ctx, 'db' | 'clock'>, input: SignInInput): Promise<{ id: string }> {
  const account = input.account.trim().toLowerCase();
  const plausible = account.length <= 254 && input.password.length <= 1024 && !account.includes('\0');
  const person = plausible
    ? await ctx.db.person.findFirst({
        where: { OR: [{ account }, { email: account }], disabledAt: null },
        select: { id: true, password: { select: { hash: true } } },
      })
    : null;
  // Of the person, whichever name was typed; hashed, so that what somebody typed into the wrong field is not kept.
  const accountKey = createHash('sha256')
    .update(person?.id ?? account)
    .digest('hex')
    .slice(0, 32);
  const address = input.clientAddress.slice(0, 64);
  const limits: Limit[] = [
    { key: `sign-in:address:${address}`, ...perAddress },
    { key: `sign-in:account:${accountKey}:${address}`, ...perAccountAndAddress },
    { key: `sign-in:account:${accountKey}`, ...perAccount },
  ];
  for (const limit of limits) await consumeLimit(ctx, limit);
  const right = await hashing(() => verifyPassword(plausible ? input.password : '', person?.password?.hash ?? null));
  if (person === null || !right) throw new HostmasterError('sign-in-failed', 'The account or the password is not right.');
  for (const limit of limits) await refundLimit(ctx, limit);
  return { id: person.id };
}
