import type { DestinationChange, DestinationKept, DestinationRow } from '@hostmaster/core/contract/destination';
import { ofKind } from '@hostmaster/core/descriptor';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { Tx } from '@hostmaster/db/client';
import { lockDestination } from '@hostmaster/db/delivery';
import { transact } from '@hostmaster/db/transaction';
import { difference } from '../audit/difference.ts';
import { audit } from '../audit/write.ts';
import { testedBefore } from '../connection/tested.ts';
import type { SealingCtx } from '../context.ts';
import { refuse } from '../violation.ts';
import { readDestination } from './present.ts';
import { destinationColumns, factsOf, triedDestination } from './settings.ts';

/**
 * Changes where a destination is, together with its secret. What was delivered is there and nowhere else: while anything is, the settings
 * that say which one it is stay.
 * Errors: forbidden, not-found, invalid-input with everything that is wrong, conflict (somebody changed it in between).
 */
export async function updateDestination(
  ctx: SealingCtx,
  { id, version, connection, ...said }: DestinationChange,
): Promise<DestinationKept> {
  authorize(ctx.actor, 'destination.update');
  const now = ctx.clock.now();
  const before = await readDestination(ctx.db, id);
  if (version > before.version)
    throw new HostmasterError('conflict', `The destination ${before.slug} never had version ${version}; the newest is ${before.version}.`);
  const violations: Violation[] = connection.kind === before.kind ? [] : [otherKind(before)];
  const tried = violations.length > 0 ? null : triedDestination(connection);
  const tested = await testedBefore(ctx, said, tried, violations);
  refuse(violations);
  const columns = await destinationColumns(ctx, id, connection);
  return transact(ctx.db, async (tx) => {
    // What a worker is about to deliver there is waited for and seen; what comes after sees the change.
    await lockDestination(tx, id);
    refuse(await elsewhere(ctx, tx, before, connection.settings));
    const { count } = await tx.destination.updateMany({ where: { id, version }, data: { ...columns, version: { increment: 1 } } });
    if (count === 0) throw new HostmasterError('conflict', `The destination ${before.slug} was changed since version ${version}.`);
    const after = await readDestination(tx, id);
    const detail = { ...difference(factsOf(before), factsOf(after)), newSecret: connection.secret !== undefined, tested };
    await audit(tx, ctx, 'destination.update', { id, name: before.slug }, detail, now);
    return { ...after, tested };
  });
}

async function elsewhere(
  { destinationKinds }: SealingCtx,
  tx: Tx,
  { id, slug, kind, settings }: DestinationRow,
  after: Readonly<Record<string, unknown>>,
): Promise<readonly Violation[]> {
  const moved = ofKind(destinationKinds, kind).identifiedBy.filter((setting) => settings[setting] !== after[setting]);
  if (moved.length === 0 || (await tx.delivery.findFirst({ where: { destinationId: id }, select: { id: true } })) === null) return [];
  return moved.map((setting) => ({
    rule: 'destination-identity',
    path: `connection.settings.${setting}`,
    reason: `Certificates were delivered to ${slug} at ${settings[setting]}, and are taken back from there alone.`,
    remedy: 'Connect the other one as a destination of its own, and attach the cluster to it.',
  }));
}

/** Its settings are read by it. */
const otherKind = ({ slug, kind }: DestinationRow): Violation => ({
  rule: 'destination-kind',
  path: 'connection.kind',
  reason: `The destination ${slug} is of the kind ${kind}, and stays so.`,
  remedy: 'Connect another destination of the other kind, and attach the cluster to it.',
});
