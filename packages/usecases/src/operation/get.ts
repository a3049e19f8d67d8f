import type { Operation } from '@hostmaster/core/contract/operation';
import { authorize } from '@hostmaster/core/policy/authorize';
import { getOperation as loadOperation } from '@hostmaster/db/operation';
import type { Ctx } from '../context.ts';
import { presentOperation } from './present.ts';

/** One operation's public face. Errors: not-found, forbidden. */
export async function getOperation(ctx: Ctx, { id }: { readonly id: string }): Promise<Operation> {
  authorize(ctx.actor, 'operation.read');
  return presentOperation(await loadOperation(ctx.db, id));
}
