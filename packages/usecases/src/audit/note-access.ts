import { createHash } from 'node:crypto';
import { isTold } from '@hostmaster/core/audit/told-tries';
import type { ErrorCode } from '@hostmaster/core/error-table';
import type { HostmasterError } from '@hostmaster/core/errors';
import { transact } from '@hostmaster/db/transaction';
import type { Ctx } from '../context.ts';
import { countTry } from '../rate-limit/consume.ts';
import { audit } from './write.ts';

/** Codes of what somebody was refused because of who they are, or of what the policy says. */
const refusals: readonly ErrorCode[] = ['forbidden', 'policy-denied', 'self-review', 'last-admin'];

const windowSeconds = 300;
/** Of one who asks, of whatever. */
const mostTold = 100;

export const isRefusal = ({ code }: HostmasterError): boolean => refusals.includes(code);

/**
 * Writes down that somebody who is signed in was refused something. Whoever is refused over and over must not fill the trail.
 * @param asked the procedure, and the name that it was about, where it was about one
 */
export async function noteAccessRefusal(
  ctx: Ctx,
  asked: { readonly procedure: string; readonly hostname: string | null },
  { code, message }: HostmasterError,
): Promise<void> {
  const { id } = ctx.actor;
  const same = createHash('sha256').update(`${asked.procedure} ${asked.hostname} ${message}`).digest('hex').slice(0, 32);
  const { count: tries } = await countTry(ctx, { key: `refusal:${id}:${same}`, limit: 1, windowSeconds });
  if (!isTold(tries)) return;
  const { count: told } = await countTry(ctx, { key: `refusal:${id}`, limit: mostTold, windowSeconds });
  if (told > mostTold) return;
  const subject = { id: asked.procedure, name: asked.hostname ?? asked.procedure };
  await transact(ctx.db, (tx) => audit(tx, ctx, 'access.refuse', subject, { code, reason: message, tries }));
}
