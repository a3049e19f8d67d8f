import type { Operation } from '@hostmaster/core/contract/operation';
import { HostmasterError } from '@hostmaster/core/errors';
import { asksPerDestination } from '@hostmaster/core/operation/limits';
import { authorize } from '@hostmaster/core/policy/authorize';
import { startOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { presentOperation } from '../operation/present.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { consumeLimit } from '../rate-limit/consume.ts';
import { testOf } from './last-test.ts';
import { readDestination } from './present.ts';

/**
 * Asks a worker, which alone holds what lets it in, to test the connection to a destination.
 * Errors: forbidden, not-found, conflict (a test began a moment ago), rate-limited.
 */
export async function testDestination(ctx: Ctx, { id }: { readonly id: string }): Promise<Operation> {
  authorize(ctx.actor, 'destination.test');
  const now = ctx.clock.now();
  const { slug } = await readDestination(ctx.db, id);
  const workforce = await readWorkforce(ctx.db);
  return transact(ctx.db, async (tx) => {
    await consumeLimit({ db: tx, clock: ctx.clock }, { key: `check:destination:${id}`, ...asksPerDestination });
    const wish = { kind: 'destination', purpose: 'test', subject: testOf(id), reason: 'A worker takes it next.' } as const;
    const operation = await startOperation(tx, wish, now);
    if (operation === null) throw new HostmasterError('conflict', `A test of ${slug} began a moment ago.`);
    await audit(tx, ctx, 'destination.test', { id, name: slug }, {}, now);
    return presentOperation(operation, workforce);
  });
}
