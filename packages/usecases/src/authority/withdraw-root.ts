import type { Operation } from '@hostmaster/core/contract/operation';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { SealingCtx } from '../context.ts';
import { askAuthority } from './ask.ts';
import { judgeWithdrawal } from './judge.ts';

/** Takes a root out of what people are told to trust. Errors: forbidden, not-found, conflict (it is active), in-use (with how many stand below it, and until when), rate-limited. */
export async function withdrawRoot(ctx: SealingCtx, { id }: { readonly id: string }): Promise<Operation> {
  authorize(ctx.actor, 'authority.manage');
  const root = await judgeWithdrawal(ctx.db, id, ctx.clock.now());
  return askAuthority(ctx, { act: 'withdraw-root', detail: { id }, subject: root, facts: {} });
}
