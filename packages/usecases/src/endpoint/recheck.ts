import type { Operation } from '@hostmaster/core/contract/operation';
import { HostmasterError } from '@hostmaster/core/errors';
import { checksPerEndpoint, checksPerTeam } from '@hostmaster/core/operation/limits';
import { authorize } from '@hostmaster/core/policy/authorize';
import { hurryOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { presentOperation } from '../operation/present.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { consumeLimit } from '../rate-limit/consume.ts';
import { endpointSubject, startReconcile } from '../reconcile/start.ts';

/**
 * "Check now": looks at everything again. Work that is waiting is hurried instead of replaced.
 * Errors: not-found, forbidden, conflict (a retired endpoint has nothing to check), rate-limited (of the endpoint, or of its team).
 */
export async function recheckEndpoint(ctx: Ctx, { id }: { readonly id: string }): Promise<Operation> {
  const endpoint = await ctx.db.endpoint.findUnique({ where: { id }, include: { team: { select: { slug: true } } } });
  if (endpoint === null) throw new HostmasterError('not-found', `There is no endpoint ${id}.`);
  authorize(ctx.actor, 'operation.retry', { team: endpoint.team.slug });
  if (endpoint.state === 'retired') throw new HostmasterError('conflict', `${endpoint.hostname} is retired; there is nothing to check.`);
  const now = ctx.clock.now();
  const subject = endpointSubject(endpoint);
  const workforce = await readWorkforce(ctx.db);
  return transact(ctx.db, async (tx) => {
    const { hostname, view, zoneId, teamId } = endpoint;
    await consumeLimit({ db: tx, clock: ctx.clock }, { key: `check:endpoint:${id}`, ...checksPerEndpoint });
    await consumeLimit({ db: tx, clock: ctx.clock }, { key: `check:team:${teamId}`, ...checksPerTeam });
    // A retirement that stopped goes on; everything else is looked at.
    const purpose = endpoint.state === 'retiring' ? 'retirement' : 'look';
    const again = () => startReconcile(tx, { purpose, hostname, view, zoneId, endpointId: id, reason: 'Asked to check now.' }, now);
    const operation = (await hurryOperation(tx, subject)) ?? (await again()) ?? (await hurryOperation(tx, subject));
    if (operation === null) throw new HostmasterError('conflict', `Work on ${endpoint.hostname} ended a moment ago; ask once more.`);
    await audit(tx, ctx, 'endpoint.recheck', { id, name: hostname }, {}, now);
    return presentOperation(operation, workforce);
  });
}
