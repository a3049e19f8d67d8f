import type { DestinationRow } from '@hostmaster/core/contract/destination';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { Ctx } from '../context.ts';
import { readDestination } from './present.ts';

/** One destination. Errors: forbidden, not-found. */
export async function getDestination(ctx: Ctx, { id }: { readonly id: string }): Promise<DestinationRow> {
  authorize(ctx.actor, 'destination.read');
  return readDestination(ctx.db, id);
}
