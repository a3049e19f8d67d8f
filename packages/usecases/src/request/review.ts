import type { Request, ReviewInput } from '@hostmaster/core/contract/request';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { ownWaitingGroups, waitingGroups } from '@hostmaster/core/request/separation';
import type { Tx } from '@hostmaster/db/client';
import { rightEnded, transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { personBehind } from '../actor.ts';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { readContract } from '../stored-columns.ts';
import { answerRequest } from './get.ts';
import { type LoadedRequest, loadRequest, reviewable } from './present.ts';
import { type Proposal, presentDecision, propose } from './propose.ts';
import { startApproved } from './start-approved.ts';

/**
 * A reviewer's decision, bound to the plan they saw: the one asked for, or the current one where the world has changed since.
 * Approvals of an older plan no longer count once a newer one is approved, and what the policy asks for by now is asked for.
 * Errors: not-found, forbidden, self-review, plan-changed (another plan than the one seen), policy-denied (approving what
 * the policy no longer allows), conflict (somebody else decided first, or the reviewer's role was taken meanwhile).
 */
export async function reviewRequest(ctx: Ctx, input: ReviewInput): Promise<Request> {
  const row = await loadRequest(ctx.db, input.id);
  if (row === null) throw new HostmasterError('not-found', `There is no request ${input.id}.`);
  groupsOf(ctx, row);
  const now = ctx.clock.now();
  const proposal = input.decision === 'approve' ? await currentProposal(ctx, row, input.planHash) : null;

  await transact(ctx.db, async (tx) => {
    // Two reviewers of different groups must see each other, or both would leave the last word to the other.
    const held = await tx.$executeRaw`SELECT 1 FROM request WHERE id = ${row.id}::uuid FOR UPDATE`;
    const current = (await loadRequest(tx, row.id)) ?? row;
    const groups = groupsOf(ctx, current);
    // By its state somebody may still decide, and the database no longer lets this one.
    if (held === 0) throw rightEnded();
    const { id, decision, reason, planHash } = input;
    if (proposal === null) await conclude(tx, current, 'reject', { outcome: `Rejected by ${ctx.actor.name}: ${reason}` }, now);
    else await approve(tx, current, groups, proposal, now);
    const review = { requestId: id, reviewerId: personBehind(ctx.actor) ?? '', name: ctx.actor.name, decision, reason, planHash };
    await tx.review.createMany({ data: groups.map((group) => ({ ...review, group, createdAt: now })) });
    const event = decision === 'approve' ? 'request.approve' : 'request.reject';
    await audit(tx, ctx, event, { id, name: row.hostname }, { number: row.number, groups, reason, planHash }, now);
  });
  return answerRequest(ctx, row.id);
}

/** The waiting groups that the actor speaks for. Errors: forbidden, self-review, conflict. */
function groupsOf({ actor }: Ctx, row: LoadedRequest): readonly string[] {
  authorize(actor, 'request.review', reviewable(row));
  return ownWaitingGroups(actor, row);
}

const planChanged = () =>
  new HostmasterError(
    'plan-changed',
    'What the plan stands on has changed since, so this is no longer what would be done. Look at the current plan and decide on that one.',
  );

/** The request as it would be decided now; refuses what the reviewer did not see and what the policy no longer allows. */
async function currentProposal(ctx: Ctx, row: LoadedRequest, seenHash: string): Promise<Proposal> {
  const proposal = await propose(ctx, { kind: row.kind, contract: readContract(row.contract) }, { requestId: row.id });
  if (proposal.completed === null)
    throw new HostmasterError('policy-denied', 'The policy no longer allows this; it can only be rejected.', {
      violations: proposal.decision.violations,
    });
  if (proposal.completed.plan.hash !== seenHash) throw planChanged();
  return proposal;
}

async function conclude(
  tx: Tx,
  row: LoadedRequest,
  event: 'approve' | 'reject',
  data: { outcome?: string; decision?: object; reviewGroups?: string[] },
  now: Date,
): Promise<void> {
  const moved = await transition(tx, 'request', { id: row.id }, event, { ...data, decidedAt: now });
  if (moved === 0) throw new HostmasterError('conflict', 'Somebody decided on this request a moment ago.');
}

/** Takes the approval into account, and applies the request where it was the last one missing. */
async function approve(
  tx: Tx,
  row: LoadedRequest,
  groups: readonly string[],
  { completed, site, decision: decided }: Proposal,
  now: Date,
): Promise<void> {
  if (completed === null || site.zone === null) throw planChanged();
  const { plan } = completed;
  if (plan.hash !== row.planHash) {
    await tx.review.deleteMany({ where: { requestId: row.id } });
    await tx.request.update({ where: { id: row.id }, data: { plan, planHash: plan.hash } });
  }
  const reviews = row.reviews.filter(({ planHash }) => planHash === plan.hash);
  const decision = presentDecision(decided);
  const reviewGroups = [...new Set([...row.reviewGroups, ...decision.reviews.map(({ group }) => group)])];
  const missing = waitingGroups({ reviewGroups, reviews }).filter((group) => !groups.includes(group));
  if (missing.length > 0) {
    await tx.request.update({ where: { id: row.id }, data: { reviewGroups, decision } });
    return;
  }
  await conclude(tx, row, 'approve', { decision, reviewGroups }, now);
  await startApproved(tx, row, now);
}
