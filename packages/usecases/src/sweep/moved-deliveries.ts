import { endpointsServedElsewhere } from '@hostmaster/db/delivery';
import { transact } from '@hostmaster/db/transaction';
import type { Ctx } from '../context.ts';
import { startReconcile } from '../reconcile/start.ts';

/** A look that brought nothing about is not begun again at every sweep. */
const againAfterSeconds = 300;

/**
 * Begins a look at endpoints whose cluster is attached to another destination than their certificate was delivered to: the look moves it
 * there. @returns how many operations were started.
 */
export async function startMovedDeliveries(ctx: Pick<Ctx, 'db' | 'clock'>, limit: number): Promise<number> {
  const now = ctx.clock.now();
  const moved = await endpointsServedElsewhere(ctx.db, new Date(now.getTime() - againAfterSeconds * 1000), limit);
  let started = 0;
  for (const { id: endpointId, ...endpoint } of moved) {
    const wish = { purpose: 'look' as const, ...endpoint, endpointId, reason: 'Its cluster is attached to another destination.' };
    if ((await transact(ctx.db, (tx) => startReconcile(tx, wish, now))) !== null) started += 1;
  }
  return started;
}
