import { clientNetwork } from '@hostmaster/core/address/client-network';
import { HostmasterError } from '@hostmaster/core/errors';
import { verifyPassword } from '@hostmaster/core/person/password';
import type { Ctx } from '../context.ts';
import { countTry, refundLimit, tooManyTries } from '../rate-limit/consume.ts';
import { hashing } from './hashing.ts';
import { noteLockOut, noteRefusal } from './note-refusal.ts';

type Proof = {
  readonly password: string;
  /** The field that it was typed into. */
  readonly path: string;
  readonly clientAddress: string;
};

/** Wrong ones of one person. Apart from the limits of a sign-in: who is signed in shuts nobody at their address out. */
const tries = { limit: 10, windowSeconds: 300 };

/**
 * Whoever acts proves once more who they are, by their password.
 * @param before the context of somebody who is not signed in, in which tries are counted and told
 * Errors: sign-in-failed, rate-limited, unavailable (too many at once).
 */
export async function prove(
  ctx: Pick<Ctx, 'actor' | 'db'>,
  { password, path, clientAddress }: Proof,
  before: Pick<Ctx, 'db' | 'clock'>,
): Promise<void> {
  const { id } = ctx.actor;
  const select = { email: true, password: { select: { hash: true } } };
  const { email: name, password: stored } = await ctx.db.person.findFirstOrThrow({ where: { id }, select });
  const limit = { key: `prove:${id}`, ...tries };
  const address = clientNetwork(clientAddress);
  const { count, resetSeconds } = await countTry(before, limit);
  const told = { subject: { id, name }, address, tries: count, method: 'password' as const };
  if (count === limit.limit + 1) await noteLockOut(before, told, 'account');
  if (count > limit.limit) throw tooManyTries(limit, resetSeconds);
  if (!(await hashing(address, () => verifyPassword(password, stored?.hash ?? null)))) {
    await noteRefusal(before, told);
    throw notCurrent(path);
  }
  await refundLimit(before, limit);
}

const notCurrent = (path: string): HostmasterError =>
  new HostmasterError('sign-in-failed', 'This is not your current password.', {
    violations: [
      {
        rule: 'current-password',
        path,
        reason: 'This is not your current password.',
        remedy: 'Where it is lost, a platform admin makes you a link to set a new one.',
      },
    ],
  });
