import type { Request } from '@hostmaster/core/contract/request';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { requestMachine } from '@hostmaster/core/request/state';
import { rightEnded, transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { readState } from '../stored-columns.ts';
import { answerRequest } from './get.ts';
import { giveBackBegun } from './give-back.ts';
import { cancelledBy, loadRequest } from './present.ts';

/**
 * Takes back a request that is in review, or on its way: a worker then gives back what it had begun. Errors: not-found,
 * forbidden, conflict (it is over already).
 */
export async function cancelRequest(ctx: Ctx, input: { readonly id: string; readonly reason?: string | undefined }): Promise<Request> {
  const row = await loadRequest(ctx.db, input.id);
  if (row === null) throw new HostmasterError('not-found', `There is no request ${input.id}.`);
  authorize(ctx.actor, 'request.cancel', cancelledBy(row));
  requestMachine.advance(readState(row.state), 'cancel');
  const now = ctx.clock.now();
  const outcome = `Cancelled by ${ctx.actor.name}${input.reason ? `: ${input.reason}` : '.'}`;
  await transact(ctx.db, async (tx) => {
    const moved = await transition(tx, 'request', { id: row.id }, 'cancel', { outcome, decidedAt: now });
    if (moved === 0) {
      const { state } = await tx.request.findUniqueOrThrow({ where: { id: row.id }, select: { state: true } });
      requestMachine.advance(readState(state), 'cancel');
      throw rightEnded();
    }
    const { id, number, hostname } = row;
    await giveBackBegun(tx, row, 'Cancelled', now);
    await audit(tx, ctx, 'request.cancel', { id, name: hostname }, { number, reason: input.reason ?? null }, now);
  });
  return answerRequest(ctx, row.id);
}
