import type { Request, ReviewInput } from '@hostmaster/core/contract/request';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { waitingGroups } from '@hostmaster/core/request/separation';
import { advanceRequest } from '@hostmaster/core/request/state';
import { appendAudit } from '@hostmaster/db/audit';
import type { Tx } from '@hostmaster/db/client';
import { hyphenated } from '@hostmaster/db/enum-names';
import { transact } from '@hostmaster/db/transaction';
import { auditActor, personBehind } from '../actor-audit.ts';
import type { Ctx } from '../context.ts';
import { applyApproved } from './approve.ts';
import { answerRequest } from './get.ts';
import { groupName, type LoadedRequest, loadRequest, reviewVerdict } from './present.ts';
import { type Proposal, presentDecision, propose } from './propose.ts';
import { reviewGroupOf } from './review-groups.ts';
import { readContract } from './stored.ts';

/**
 * A reviewer's decision, bound to the plan they saw: the one asked for, or the current one where the world has changed since.
 * Errors: not-found, forbidden, self-review, plan-changed (another plan than the one seen), policy-denied (approving what
 * the policy no longer allows), conflict (somebody else decided first).
 */
export async function reviewRequest(ctx: Ctx, input: ReviewInput): Promise<Request> {
  const row = await loadRequest(ctx.db, input.id);
  if (row === null) throw new HostmasterError('not-found', `There is no request ${input.id}.`);
  const verdict = reviewVerdict(ctx.actor, row);
  if (!verdict.ok) throw new HostmasterError(verdict.code, verdict.reason);
  const reviewerId = personBehind(ctx.actor) ?? '';
  authorize(ctx.actor, 'request.review', {
    requestedBy: { id: row.requesterId },
    groups: row.reviewGroups.map(reviewGroupOf),
  });
  const now = ctx.clock.now();
  const proposal = input.decision === 'approve' ? await currentProposal(ctx, row, input.planHash, now) : null;

  await transact(ctx.db, async (tx) => {
    await writeReviews(tx, row, verdict.groups, { ...input, reviewerId, name: ctx.actor.name }, now);
    const missing = waitingGroups(row).filter((group) => !verdict.groups.includes(group));
    if (input.decision === 'reject') await conclude(tx, row, 'reject', { outcome: `Rejected by ${ctx.actor.name}: ${input.reason}` }, now);
    else if (missing.length === 0 && proposal !== null) await approve(tx, ctx, row, proposal, now);
    await appendAudit(tx, {
      ...auditActor(ctx.actor),
      at: now,
      action: `request.${input.decision}`,
      subjectKind: 'request',
      subjectId: row.id,
      subject: row.hostname,
      detail: { number: row.number, groups: [...verdict.groups], reason: input.reason, planHash: input.planHash },
    });
  }).catch((error: unknown) => {
    if (error instanceof HostmasterError && error.code === 'already-exists')
      throw new HostmasterError('conflict', 'Somebody else of your group decided a moment ago.', { cause: error });
    throw error;
  });
  return answerRequest(ctx, row.id);
}

const planChanged = () =>
  new HostmasterError(
    'plan-changed',
    'The zone has changed since: this is no longer the plan that would be applied. Look at the current plan and decide on that one.',
  );

/** The request as it would be decided now; refuses what the reviewer did not see and what the policy no longer allows. */
async function currentProposal(ctx: Ctx, row: LoadedRequest, seenHash: string, now: Date): Promise<Proposal> {
  const proposal = await propose(ctx.db, now, { kind: row.kind, contract: readContract(row.contract) }, { requestId: row.id });
  if (proposal.completed === null)
    throw new HostmasterError('policy-denied', 'The policy no longer allows this; it can only be rejected.', {
      violations: proposal.decision.violations,
    });
  if (proposal.completed.plan.hash !== seenHash) throw planChanged();
  return proposal;
}

async function writeReviews(
  tx: Tx,
  row: LoadedRequest,
  groups: readonly string[],
  review: ReviewInput & { reviewerId: string; name: string },
  now: Date,
): Promise<void> {
  const { reviewerId, name, decision, reason, planHash } = review;
  await tx.review.createMany({
    data: groups.map((group) => ({ requestId: row.id, reviewerId, name, group, decision, reason, planHash, createdAt: now })),
  });
}

async function conclude(
  tx: Tx,
  row: LoadedRequest,
  event: 'approve' | 'reject',
  data: { outcome?: string; plan?: object; planHash?: string },
  now: Date,
): Promise<void> {
  const state = event === 'approve' ? 'approved' : 'rejected';
  advanceRequest(hyphenated(row.state), event);
  const { count } = await tx.request.updateMany({ where: { id: row.id, state: 'in_review' }, data: { ...data, state, decidedAt: now } });
  if (count === 0) throw new HostmasterError('conflict', 'Somebody else decided on this request a moment ago.');
}

async function approve(tx: Tx, ctx: Ctx, row: LoadedRequest, proposal: Proposal, now: Date): Promise<void> {
  const { completed, loaded } = proposal;
  if (completed === null || loaded.zone === null) throw planChanged();
  await conclude(tx, row, 'approve', { plan: completed.plan, planHash: completed.plan.hash }, now);
  const reviewers = [...row.reviews.map(({ name, group }) => `${name} (${groupName(group)})`), ctx.actor.name];
  const decision = presentDecision(proposal.decision);
  await applyApproved(
    tx,
    { id: row.id, kind: row.kind, decision },
    completed,
    { zoneId: loaded.zone.id, teamId: row.teamId, admitted: `Approved by ${[...new Set(reviewers)].join(', ')}.` },
    now,
  );
}
