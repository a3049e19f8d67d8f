import type { Operation } from '@hostmaster/core/contract/operation';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { startOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { presentOperation } from '../operation/present.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { limitAsking } from './limit-asking.ts';

/** Asks a worker, which alone holds the key, to test the connection to a zone's servers. Errors: not-found, forbidden, rate-limited. */
export async function testZone(ctx: Ctx, { id }: { readonly id: string }): Promise<Operation> {
  authorize(ctx.actor, 'zone.test');
  const zone = await ctx.db.zone.findUnique({ where: { id }, select: { apex: true, ownerTeamId: true, givenUpAt: true } });
  if (zone === null) throw new HostmasterError('not-found', `There is no zone ${id}.`);
  if (zone.givenUpAt !== null) throw new HostmasterError('conflict', `The zone ${zone.apex} was given up; connect it anew first.`);
  const now = ctx.clock.now();
  const workforce = await readWorkforce(ctx.db);
  return transact(ctx.db, async (tx) => {
    await limitAsking({ db: tx, clock: ctx.clock }, { id, ...zone });
    const operation = await startOperation(
      tx,
      { kind: 'zone', purpose: 'test', subject: `zone-test:${id}`, zoneId: id, reason: 'A worker takes it next.' },
      now,
    );
    if (operation === null) throw new HostmasterError('conflict', `A test of ${zone.apex} began a moment ago.`);
    await audit(tx, ctx, 'zone.test', { id, name: zone.apex }, {}, now);
    return presentOperation(operation, workforce);
  });
}
