import type { Operation } from '@hostmaster/core/contract/operation';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { SealingCtx } from '../context.ts';
import { askAuthority } from './ask.ts';
import { requireRequest, requireRoot } from './judge.ts';

/** Drops a request, and throws its key away: what is signed for it later is of no use. Errors: forbidden, not-found, rate-limited. */
export async function dropRequest(ctx: SealingCtx, { id }: { readonly id: string }): Promise<Operation> {
  authorize(ctx.actor, 'authority.manage');
  const { slug } = await requireRoot(ctx.db, (await requireRequest(ctx.db, id)).rootId);
  return askAuthority(ctx, { act: 'drop-request', detail: { id }, subject: { id, name: `request below ${slug}` }, facts: { root: slug } });
}
