import type { IssuerRow } from '@hostmaster/core/contract/issuer';
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
import { rolloverOf } from './key-changes.ts';
import { readIssuer } from './present.ts';

/**
 * Asks a worker, which alone holds the key of an account at a CA, to have that account known by another one. What is ordered meanwhile
 * waits. Errors: forbidden, not-found, unsupported (made here, its kind has none, or no account was opened yet), conflict (it is under
 * way), rate-limited.
 */
export async function changeIssuerKey(ctx: Ctx, { id }: { readonly id: string }): Promise<Operation> {
  authorize(ctx.actor, 'issuer.change-key');
  const now = ctx.clock.now();
  const issuer = requireConnected(await readIssuer(ctx.db, ctx.issuerKinds, id, now), id);
  requireAccount(ctx, issuer);
  const workforce = await readWorkforce(ctx.db);
  return transact(ctx.db, async (tx) => {
    await consumeLimit({ db: tx, clock: ctx.clock }, { key: `check:issuer:${id}`, ...asksPerIssuer });
    const wish = { kind: 'issuer', purpose: 'rollover', subject: rolloverOf(id), reason: 'A worker takes it next.' } as const;
    const operation = await startOperation(tx, wish, now);
    if (operation === null) throw new HostmasterError('conflict', `The account at ${issuer.slug} gets another key already.`);
    await audit(tx, ctx, 'issuer.change-key', { id, name: issuer.slug }, {}, now);
    return presentOperation(operation, workforce);
  });
}

/** Errors: unsupported. */
function requireAccount({ issuerKinds }: Ctx, { slug, kind, hasAccount }: IssuerRow): void {
  const capability = issuerKinds.get(kind)?.capabilities.changeKey ?? { no: 'nobody here knows its kind' };
  if (capability !== true)
    throw new HostmasterError('unsupported', `The issuer ${slug} has no account whose key could be changed: ${capability.no}.`);
  if (!hasAccount)
    throw new HostmasterError('unsupported', `The issuer ${slug} has no account yet: it is opened when the first certificate is ordered.`);
}
