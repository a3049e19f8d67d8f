import type { Operation } from '@hostmaster/core/contract/operation';
import { authorize } from '@hostmaster/core/policy/authorize';
import { getOperation as loadOperation } from '@hostmaster/db/operation';
import type { Ctx } from '../context.ts';
import { presentOperation } from './present.ts';
import { readWorkforce } from './workforce.ts';

/** One operation's public face. Errors: not-found, forbidden. */
export async function getOperation(ctx: Ctx, { id }: { readonly id: string }): Promise<Operation> {
  authorize(ctx.actor, 'operation.read');
  const [row, workforce] = await Promise.all([loadOperation(ctx.db, id), readWorkforce(ctx.db)]);
  return presentOperation(row, workforce);
}
