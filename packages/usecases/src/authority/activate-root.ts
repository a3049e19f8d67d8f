import type { Operation } from '@hostmaster/core/contract/operation';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { SealingCtx } from '../context.ts';
import { askAuthority } from './ask.ts';
import { rootThatCan } from './judge.ts';

/**
 * Has a root sign from now on in place of the active one, which stays trusted: new CAs come from it, and certificates move below it with
 * their next renewal. Errors: forbidden, not-found, conflict (it is active already, or withdrawn), rate-limited.
 */
export async function activateRoot(ctx: SealingCtx, { id }: { readonly id: string }): Promise<Operation> {
  authorize(ctx.actor, 'authority.manage');
  const root = await rootThatCan(ctx.db, id, 'activate');
  return askAuthority(ctx, { act: 'activate-root', detail: { id }, subject: root, facts: {} });
}
