import { randomUUID } from 'node:crypto';
import type { ZoneInput, ZoneKept } from '@hostmaster/core/contract/zone';
import { zoneNameOf } from '@hostmaster/core/dns/zone-name';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import { testedBefore } from '../connection/tested.ts';
import type { SealingCtx } from '../context.ts';
import { unknownEnvironments } from '../environment/known.ts';
import { parseOwnDomain, refuse } from '../violation.ts';
import { factsOf, presentZone, zoneRead } from './present.ts';
import { startReading } from './reread.ts';
import { connectionColumns, settingColumns, settingsOf, triedZone } from './settings.ts';

/**
 * Connects a zone whose connection was tested, or is said to be untested: its secret is sealed to the worker before anything is stored, and a worker then reads the zone.
 * Errors: forbidden, invalid-input with everything that is wrong, already-exists (the same apex and view).
 */
export async function createZone(ctx: SealingCtx, input: ZoneInput): Promise<ZoneKept> {
  authorize(ctx.actor, 'zone.create');
  const violations: Violation[] = [];
  const { view, connection, trial, untested, ...said } = input;
  const apex = zoneNameOf(input.apex) ?? parseOwnDomain(input.apex, 'apex', violations);
  const settings = await settingsOf(ctx, said, connection, violations);
  const right = apex !== null && settings !== null && violations.length === 0;
  const tried = right ? triedZone(apex, view, settings.servers, connection) : null;
  const tested = await testedBefore(ctx, { trial, untested }, tried, violations);
  refuse(violations);
  if (apex === null || settings === null) throw new TypeError('unreachable: a violation was refused');

  // Named before it is stored: the secret is sealed for this zone.
  const id = randomUUID();
  const connected = await connectionColumns(ctx, id, connection);
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    refuse(await unknownEnvironments(tx, settings.environments, 'environments'));
    if ((await tx.zone.findUnique({ where: { apex_view: { apex, view } }, select: { id: true } })) !== null)
      throw new HostmasterError('already-exists', `The ${view} zone ${apex} is connected already.`);
    const data = { id, apex, view, ...connected, ...settingColumns(settings), createdAt: now };
    const zone = presentZone(await tx.zone.create({ data, ...zoneRead }));
    await startReading(tx, id, 'Connected; a worker takes it next.', now);
    await audit(tx, ctx, 'zone.create', { id, name: apex }, { view, ...factsOf(zone), tested }, now);
    return { ...zone, tested };
  });
}
