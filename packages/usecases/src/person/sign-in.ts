// Local accounts. Every failure reads the same and costs the same, whether the account exists or not; only failures
// count against the limits: of one client for one account, of one client, and, for clients that the person never signed in
// from, for one account. So nobody is locked out of where they work by what others try.
import { createHash } from 'node:crypto';
import { clientNetwork } from '@hostmaster/core/address/client-network';
import { HostmasterError } from '@hostmaster/core/errors';
import { verifyPassword } from '@hostmaster/core/person/password';
import type { Ctx } from '../context.ts';
import { countTry, type Limit, refundLimit, tooManyTries } from '../rate-limit/consume.ts';
import { hashing } from './hashing.ts';
import { isKnownClient, rememberClient } from './known-client.ts';
import { type LockedOut, noteLockOut, noteRefusal } from './note-refusal.ts';

export type SignInInput = {
  /** Account name or e-mail address, in any case. */
  readonly account: string;
  readonly password: string;
  readonly clientAddress: string;
};

type Sources = Pick<Ctx, 'db' | 'clock'>;

const method = 'password';
const window = { windowSeconds: 300 };
const perAccountAndAddress = { of: 'account from one address', limit: 10, ...window } as const;
const perAddress = { of: 'address', limit: 50, ...window } as const;
const perAccount = { of: 'account', limit: 200, ...window } as const;

/** The id of the person. Errors: sign-in-failed (one text for every cause), rate-limited, unavailable (too many at once). */
export async function signIn(ctx: Sources, input: SignInInput): Promise<{ id: string }> {
  const account = input.account.trim().toLowerCase();
  const plausible = account.length <= 254 && input.password.length <= 1024 && !account.includes('\0');
  const person = plausible
    ? await ctx.db.person.findFirst({
        where: { OR: [{ account }, { email: account }], disabledAt: null },
        select: { id: true, email: true, password: { select: { hash: true } } },
      })
    : null;
  // Of the person, whichever name was typed; hashed, so that what somebody typed into the wrong field is not kept.
  const accountKey = createHash('sha256')
    .update(person?.id ?? account)
    .digest('hex')
    .slice(0, 32);
  const address = clientNetwork(input.clientAddress);
  const subject = person === null ? { id: accountKey, name: 'an account that is not known' } : { id: person.id, name: person.email };
  const limits: (Limit & { readonly of: LockedOut })[] = [
    { key: `sign-in:address:${address}`, ...perAddress },
    { key: `sign-in:account:${accountKey}:${address}`, ...perAccountAndAddress },
    ...((await isKnownClient(ctx, accountKey, address)) ? [] : [{ key: `sign-in:account:${accountKey}`, ...perAccount }]),
  ];
  let tries = 0;
  for (const limit of limits) {
    const { count, resetSeconds } = await countTry(ctx, limit);
    if (count === limit.limit + 1) await noteLockOut(ctx, { subject, address, tries: count, method }, limit.of);
    if (count > limit.limit) throw tooManyTries(limit, resetSeconds);
    tries = count;
  }
  const right = await hashing(address, () => verifyPassword(plausible ? input.password : '', person?.password?.hash ?? null));
  if (person === null || !right) {
    await noteRefusal(ctx, { subject, address, tries, method });
    throw new HostmasterError('sign-in-failed', 'The account or the password is not right.');
  }
  for (const limit of limits) await refundLimit(ctx, limit);
  await rememberClient(ctx, accountKey, address);
  return { id: person.id };
}
