import type { DiscoveryScope } from '@hostmaster/core/contract/discovery';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { Ctx } from '../context.ts';
import { presentScope, readScope } from './scope-columns.ts';

/** One discovery scope. Errors: forbidden, not-found. */
export async function getScope(ctx: Ctx, { id }: { readonly id: string }): Promise<DiscoveryScope> {
  authorize(ctx.actor, 'discovery.read');
  return presentScope(await readScope(ctx.db, id), ctx.clock.now());
}
