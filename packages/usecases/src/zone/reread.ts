import type { Operation } from '@hostmaster/core/contract/operation';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { Tx } from '@hostmaster/db/client';
import { hurryOperation, type Operation as OperationRow, startOperation, supersede } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { presentOperation } from '../operation/present.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { limitAsking } from './limit-asking.ts';

/** What the reading of a zone is about. */
export const readingOf = (zoneId: string): string => `zone:${zoneId}`;

/** Begins to read a zone, in place of a reading that is under way: that one may be reading where the zone was kept before. */
export async function startReading(tx: Tx, zoneId: string, reason: string, now: Date): Promise<OperationRow> {
  const begin = () => startOperation(tx, { kind: 'zone', purpose: 'read', subject: readingOf(zoneId), zoneId, reason }, now);
  const begun = await begin();
  if (begun !== null) return begun;
  await supersede(tx, { kind: 'zone', zoneId, purpose: 'read' }, 'The zone is read from the beginning.', now);
  // Whoever tried to begin work holds its subject: nobody else has begun any since.
  const instead = await begin();
  if (instead === null) throw new HostmasterError('internal', `The reading of the zone ${zoneId} did not make room for another.`);
  return instead;
}

/** A reading that waits for its next try is hurried; where none is under way, one begins. */
export const hurryReading = async (tx: Tx, zoneId: string, reason: string, now: Date): Promise<OperationRow> =>
  (await hurryOperation(tx, readingOf(zoneId))) ?? (await startReading(tx, zoneId, reason, now));

/** "Read now": a reading that waits for its next try is hurried, one that is under way is left to it. Errors: not-found, forbidden, rate-limited. */
export async function rereadZone(ctx: Ctx, { id }: { readonly id: string }): Promise<Operation> {
  authorize(ctx.actor, 'zone.reread');
  const zone = await ctx.db.zone.findUnique({ where: { id }, select: { apex: true, ownerTeamId: true, givenUpAt: true } });
  if (zone === null) throw new HostmasterError('not-found', `There is no zone ${id}.`);
  if (zone.givenUpAt !== null) throw new HostmasterError('conflict', `The zone ${zone.apex} was given up; connect it anew first.`);
  const now = ctx.clock.now();
  const workforce = await readWorkforce(ctx.db);
  return transact(ctx.db, async (tx) => {
    await limitAsking({ db: tx, clock: ctx.clock }, { id, ...zone });
    const operation = await hurryReading(tx, id, 'Asked to read it now.', now);
    await audit(tx, ctx, 'zone.reread', { id, name: zone.apex }, {}, now);
    return presentOperation(operation, workforce);
  });
}
