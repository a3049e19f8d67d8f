import type { Operation } from '@hostmaster/core/contract/operation';
import { HostmasterError } from '@hostmaster/core/errors';
import { asksPerIssuer } from '@hostmaster/core/operation/limits';
import { authorize } from '@hostmaster/core/policy/authorize';
import { startOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { presentOperation } from '../operation/present.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { consumeLimit } from '../rate-limit/consume.ts';
import { requireConnected } from './connected.ts';
import { testOf } from './last-test.ts';
import { readIssuer } from './present.ts';

/**
 * Asks a worker, which alone holds what the CA gave, to test the connection to an issuer.
 * Errors: forbidden, not-found, unsupported (made here), conflict (a test began a moment ago), rate-limited.
 */
export async function testIssuer(ctx: Ctx, { id }: { readonly id: string }): Promise<Operation> {
  authorize(ctx.actor, 'issuer.test');
  const now = ctx.clock.now();
  const { slug } = requireConnected(await readIssuer(ctx.db, ctx.issuerKinds, id, now), id);
  const workforce = await readWorkforce(ctx.db);
  return transact(ctx.db, async (tx) => {
    await consumeLimit({ db: tx, clock: ctx.clock }, { key: `check:issuer:${id}`, ...asksPerIssuer });
    const wish = { kind: 'issuer', purpose: 'test', subject: testOf(id), reason: 'A worker takes it next.' } as const;
    const operation = await startOperation(tx, wish, now);
    if (operation === null) throw new HostmasterError('conflict', `A test of ${slug} began a moment ago.`);
    await audit(tx, ctx, 'issuer.test', { id, name: slug }, {}, now);
    return presentOperation(operation, workforce);
  });
}
