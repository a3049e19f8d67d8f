import type { DestinationTrial } from '@hostmaster/core/contract/destination';
import type { Operation } from '@hostmaster/core/contract/operation';
import { ofKind } from '@hostmaster/core/descriptor';
import { authorize } from '@hostmaster/core/policy/authorize';
import { beginTrial } from '../connection/try.ts';
import type { SealingCtx } from '../context.ts';
import { destinationColumns, triedDestination } from './settings.ts';

/**
 * Has a worker test a connection before any destination is kept with it: nothing is connected or written there, and what was typed is
 * thrown away with the end of the test. Errors: forbidden, rate-limited.
 */
export async function tryDestination(ctx: SealingCtx, { connection }: DestinationTrial): Promise<Operation> {
  authorize(ctx.actor, 'destination.test');
  return beginTrial(ctx, {
    ...triedDestination(connection),
    act: 'destination.try',
    name: ofKind(ctx.destinationKinds, connection.kind).label,
    said: {},
    seal: (id) => destinationColumns(ctx, id, connection),
  });
}
