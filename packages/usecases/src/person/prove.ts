import { HostmasterError } from '@hostmaster/core/errors';
import type { Ctx } from '../context.ts';
import { signIn } from './sign-in.ts';

type Proof = {
  readonly password: string;
  /** The field that it was typed into. */
  readonly path: string;
  readonly clientAddress: string;
};

/**
 * Whoever acts proves once more who they are: by their password, as at a sign-in and under the same limits.
 * @param before the context of somebody who is not signed in, for that
 * Errors: sign-in-failed, rate-limited, unavailable.
 */
export async function prove(ctx: Pick<Ctx, 'actor' | 'db'>, { password, path, clientAddress }: Proof, before: Pick<Ctx, 'db' | 'clock'>) {
  const { email } = await ctx.db.person.findFirstOrThrow({ where: { id: ctx.actor.id }, select: { email: true } });
  await signIn(before, { account: email, password, clientAddress }).catch((error: unknown) => {
    throw error instanceof HostmasterError && error.code === 'sign-in-failed' ? notCurrent(error, path) : error;
  });
}

const notCurrent = (cause: HostmasterError, path: string): HostmasterError =>
  new HostmasterError('sign-in-failed', 'This is not your current password.', {
    cause,
    violations: [
      {
        rule: 'current-password',
        path,
        reason: 'This is not your current password.',
        remedy: 'Where it is lost, a platform admin makes you a link to set a new one.',
      },
    ],
  });
