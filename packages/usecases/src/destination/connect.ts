import { randomUUID } from 'node:crypto';
import type { DestinationInput, DestinationKept } from '@hostmaster/core/contract/destination';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import { testedBefore } from '../connection/tested.ts';
import type { SealingCtx } from '../context.ts';
import { refuse } from '../violation.ts';
import { readDestination } from './present.ts';
import { destinationColumns, factsOf, triedDestination } from './settings.ts';

/**
 * Connects a destination that was tested, or is said to be untested: its secret is sealed to the worker before anything is stored. Nothing is delivered there before a cluster is
 * attached to it. Errors: forbidden, invalid-input, already-exists (the short name).
 */
export async function connectDestination(ctx: SealingCtx, { slug, connection, ...said }: DestinationInput): Promise<DestinationKept> {
  authorize(ctx.actor, 'destination.connect');
  const violations: Violation[] = [];
  const tested = await testedBefore(ctx, said, triedDestination(connection), violations);
  refuse(violations);
  // Named before it is stored: the secret is sealed for this destination.
  const id = randomUUID();
  const columns = await destinationColumns(ctx, id, connection);
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    if ((await tx.destination.findUnique({ where: { slug }, select: { id: true } })) !== null)
      throw new HostmasterError('already-exists', `There is a destination ${slug} already.`);
    await tx.destination.create({ data: { id, slug, kind: connection.kind, ...columns, createdAt: now }, select: { id: true } });
    const destination = await readDestination(tx, id);
    await audit(tx, ctx, 'destination.connect', { id, name: slug }, { ...factsOf(destination), tested }, now);
    return { ...destination, tested };
  });
}
