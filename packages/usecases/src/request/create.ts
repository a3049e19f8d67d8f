import { randomUUID } from 'node:crypto';
import type { Request, RequestInput } from '@hostmaster/core/contract/request';
import { HostmasterError } from '@hostmaster/core/errors';
import { firstRequestState } from '@hostmaster/core/request/state';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { actingTeam, authorizeAsked } from './acting-team.ts';
import { asker } from './asker.ts';
import { answerRequest } from './get.ts';
import { presentDecision, propose } from './propose.ts';
import { requireQuota } from './quota.ts';
import { startApproved } from './start-approved.ts';
import { supersede, supersededBy } from './supersede.ts';

/**
 * Asks for a name, or for a change of one, and takes the place of what the team asked for it before and waits for still. What
 * needs no review is approved in the same transaction.
 * Errors: forbidden (not of the team), invalid-input (there is no such team), policy-denied (with every violation), already-exists (an open request
 * asks for the same), quota-reached (so many of the team are open), conflict (another request for the name is open, or
 * what is superseded moved a moment ago).
 */
export async function createRequest(ctx: Ctx, input: RequestInput): Promise<Request> {
  await authorizeAsked(ctx, 'request.create', input);
  const asked = asker(ctx.actor);
  const now = ctx.clock.now();
  const { decision: decided, completed, site } = await propose(ctx, input);
  if (decided.outcome === 'deny' || completed === null || site.zone === null) {
    const rules = [...new Set(decided.violations.map(({ rule }) => rule))].join(', ');
    throw new HostmasterError('policy-denied', `${input.contract.hostname.slice(0, 253)} cannot be had like this: ${rules}.`, {
      violations: decided.violations,
    });
  }
  const zoneId = site.zone.id;
  const decision = presentDecision(decided);
  const team = await ctx.db.team.findUnique({ where: { slug: input.contract.team }, select: { id: true } });
  if (team === null) throw new HostmasterError('not-found', `There is no team ${input.contract.team}.`);
  const reviewGroups = [...new Set(decision.reviews.map(({ group }) => group))];
  const { contract, plan } = completed;

  const id = randomUUID();
  await transact(ctx.db, async (tx) => {
    const older = site.superseded && (await supersede(tx, { id: site.superseded.id, newerId: id }, { kind: input.kind, contract }, now));
    await requireQuota(tx, await actingTeam(tx, input));
    const request = await tx.request.create({
      data: {
        id,
        kind: input.kind,
        state: firstRequestState(reviewGroups),
        hostname: contract.hostname,
        view: contract.view,
        teamId: team.id,
        zoneId,
        ...(input.kind === 'create' || site.endpoint === null ? {} : { endpointId: site.endpoint.id }),
        contract,
        decision,
        plan,
        planHash: plan.hash,
        reviewGroups,
        ...asked,
        createdAt: now,
        ...(reviewGroups.length === 0 ? { decidedAt: now } : {}),
      },
    });
    const later = reviewGroups.length > 0;
    if (older !== null) await supersededBy(tx, ctx, { older, newer: request, later }, now);
    if (!later) await startApproved(tx, request, now);
    const { number } = request;
    const { outcome } = decision;
    const facts = { number, kind: input.kind, team: contract.team, outcome, planHash: plan.hash, reviewGroups };
    await audit(tx, ctx, 'request.create', { id, name: contract.hostname }, facts, now);
  }).catch((error: unknown) => {
    // As the database says it: somebody asked at the same moment, or what is open gives way to nothing.
    if (error instanceof HostmasterError && error.code === 'already-exists' && error.cause !== undefined)
      throw new HostmasterError('conflict', `Another request for ${contract.hostname} is open: wait until it is decided, or cancel it.`, {
        cause: error,
      });
    throw error;
  });
  return answerRequest(ctx, id);
}
