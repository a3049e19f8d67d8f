import type { ZoneChange, ZoneKept } from '@hostmaster/core/contract/zone';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { difference } from '../audit/difference.ts';
import { audit } from '../audit/write.ts';
import { testedWhereSent } from '../connection/tested.ts';
import type { SealingCtx } from '../context.ts';
import { unknownEnvironments } from '../environment/known.ts';
import { saysAlready } from '../unchanged.ts';
import { refuse } from '../violation.ts';
import { factsOf, presentZone, zoneRead } from './present.ts';
import { startReading } from './reread.ts';
import { connectionColumns, settingColumns, settingsOf, triedZone } from './settings.ts';

/**
 * Changes what is said of a zone, where that is not said already; what stands in it is judged by that when it is next asked about. Where it is kept changes
 * together with its secret alone, once that was tested or is said to be untested; a worker then reads the zone again, also where it had been given up.
 * Errors: forbidden, not-found, invalid-input with everything that is wrong, conflict (somebody changed it in between).
 */
export async function updateZone(ctx: SealingCtx, { id, version, connection, trial, untested, ...input }: ZoneChange): Promise<ZoneKept> {
  authorize(ctx.actor, 'zone.update');
  const row = await ctx.db.zone.findUnique({ where: { id }, ...zoneRead });
  if (row === null) throw new HostmasterError('not-found', `There is no zone ${id}.`);
  const before = presentZone(row);
  if (version > before.version)
    throw new HostmasterError('conflict', `The zone ${before.apex} never had version ${version}; the newest is ${before.version}.`);
  const violations: Violation[] = [];
  const settings = await settingsOf(ctx, input, connection ?? before.connection, violations);
  const { apex, view } = before;
  const tried = settings === null || violations.length > 0 || !connection ? null : triedZone(apex, view, settings.servers, connection);
  const tested = await testedWhereSent(ctx, { trial, untested }, { connection, tried }, violations);
  refuse(violations);
  if (settings === null) throw new TypeError('unreachable: a violation was refused');

  const said = settingColumns(settings);
  if (connection === undefined && version === before.version && saysAlready(row, said)) return { ...before, tested };
  const connected = connection === undefined ? {} : { ...(await connectionColumns(ctx, id, connection)), givenUpAt: null };
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    refuse(await unknownEnvironments(tx, settings.environments, 'environments'));
    // Before the zone itself, as a worker that ends a reading locks the two.
    if (connection !== undefined) await startReading(tx, id, 'Connected anew; a worker takes it next.', now);
    const data = { ...said, ...connected, version: { increment: 1 } };
    const { count } = await tx.zone.updateMany({ where: { id, version }, data });
    if (count === 0 || before.version !== version)
      throw new HostmasterError('conflict', `The zone ${before.apex} was changed since version ${version}.`);
    const after = presentZone(await tx.zone.findUniqueOrThrow({ where: { id }, ...zoneRead }));
    const detail = {
      ...difference(factsOf(before), factsOf(after)),
      newSecret: connection?.secret !== undefined,
      ...(tested === null ? {} : { tested }),
    };
    await audit(tx, ctx, 'zone.update', { id, name: before.apex }, detail, now);
    return { ...after, tested };
  });
}
