import type { Request, RequestRow } from '@hostmaster/core/contract/request';
import { storedHostname, toUnicode } from '@hostmaster/core/hostname/parse-hostname';
import { saidOf, type Workforce } from '@hostmaster/core/operation/workforce';
import { type Actor, may } from '@hostmaster/core/policy/authorize';
import { groupWords } from '@hostmaster/core/policy/review-group';
import { mayReview, type ReviewableRequest, waitingGroups } from '@hostmaster/core/request/separation';
import { type RequestStage, stageOf, stageWords } from '@hostmaster/core/request/stage';
import { requestMachine } from '@hostmaster/core/request/state';
import type { Reader } from '@hostmaster/db/client';
import type { Operation } from '@hostmaster/db/operation';
import { presentOperation } from '../operation/present.ts';
import { readContract, readDecision, readPlan, readState } from '../stored-columns.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';
import { answeringOf } from './asker.ts';

/** What is done for a request itself; giving back what it had begun is other work. */
export const ownWork = { purpose: { not: 'cancellation' } } as const;

/** A request's row with what its answers need. */
export const loadRequest = (db: Reader, id: string) =>
  db.request.findUnique({
    where: { id },
    include: {
      team: { select: { slug: true } },
      answeringPerson: { select: { name: true } },
      answeringTeam: { select: { slug: true } },
      reviews: { orderBy: { createdAt: 'asc' } },
      operations: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] },
      endpoint: { select: { state: true, revision: true, certificateOnly: true, team: { select: { slug: true } } } },
      revisions: { orderBy: { number: 'asc' }, select: { number: true, endpointId: true, approvedAt: true } },
      supersededBy: { select: { id: true, number: true } },
      supersedes: { select: { id: true, number: true }, take: 1 },
    },
  });
export type LoadedRequest = NonNullable<Awaited<ReturnType<typeof loadRequest>>>;
type ListedRequest = Omit<
  LoadedRequest,
  'contract' | 'decision' | 'plan' | 'answeringPerson' | 'answeringTeam' | 'supersededBy' | 'supersedes' | 'revisions' | 'endpoint'
> & {
  readonly endpoint: Pick<NonNullable<LoadedRequest['endpoint']>, 'state' | 'revision' | 'certificateOnly'> | null;
  readonly revisions: readonly { readonly number: number }[];
};

/** A row as four eyes see it. */
export const reviewable = (row: ListedRequest): ReviewableRequest => ({
  state: readState(row.state),
  answering: answeringOf(row),
  reviewGroups: row.reviewGroups,
  reviews: row.reviews,
});

/** Whose matter it is to cancel it. */
export const cancelledBy = (row: Pick<LoadedRequest, 'kind' | 'team' | 'endpoint' | 'askerId'> & Parameters<typeof answeringOf>[0]) => ({
  team: row.team.slug,
  answering: answeringOf(row),
  askerId: row.askerId,
  // A transfer names the team that receives; whoever has the name may need it before that one answers.
  ...(row.kind === 'transfer' && row.endpoint !== null ? { giver: row.endpoint.team.slug } : {}),
});

/** The newest work on the request itself. */
const ownWorkOf = ({ operations }: ListedRequest): Operation | undefined => operations.find(({ purpose }) => purpose !== 'cancellation');

function presentStage(row: ListedRequest): RequestStage {
  const { endpoint } = row;
  const ofRequest = row.revisions.some(({ number }) => number === endpoint?.revision);
  return stageOf({
    state: readState(row.state),
    kind: row.kind,
    work: ownWorkOf(row)?.state ?? null,
    endpoint: endpoint && { state: endpoint.state, ofRequest, certificateOnly: endpoint.certificateOnly },
  });
}

function summaryOf(row: ListedRequest, stage: RequestStage, waitsFor: readonly string[], workforce: Workforce): string {
  const operation = ownWorkOf(row);
  if (row.state === 'in-review') return `Waits for ${waitsFor.map(groupWords).join(' and ')}.`;
  if (row.state === 'approved') return operation === undefined ? 'Approved.' : saidOf(operation, workforce).reason;
  if (row.state === 'applied') {
    if (operation !== undefined && (stage === 'applying' || stage === 'unseen')) return saidOf(operation, workforce).reason;
    return appliedWords[stage] ?? `${stageWords[stage]}.`;
  }
  if (row.state === 'superseded') return 'A newer request for the name took its place.';
  return row.outcome ?? `It is ${row.state}.`;
}

/** Of stages that their word alone says too little of. */
const appliedWords: Partial<Record<RequestStage, string>> = {
  degraded: 'It was as approved; it is not now.',
  past: 'It was in force; something newer is wanted of the name since.',
};

export function presentRequestRow(actor: Actor, row: ListedRequest, workforce: Workforce): RequestRow {
  const waitsFor = row.state === 'in-review' ? [...waitingGroups(row)] : [];
  const stage = presentStage(row);
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    state: readState(row.state),
    stage,
    hostname: row.hostname,
    unicode: toUnicode(storedHostname(row.hostname)),
    view: row.view,
    team: row.team.slug,
    requester: row.askerName,
    waitsFor,
    summary: summaryOf(row, stage, waitsFor, workforce),
    endpointId: row.endpointId,
    reviewable: mayReview(actor, reviewable(row)).ok,
    createdAt: timestampOf(row.createdAt),
    decidedAt: timestampOrNull(row.decidedAt),
  };
}

/**
 * The work that takes back what was written of a request that came to nothing: begun with the revision that wants it, the
 * last that was made of the request. It belongs to the endpoint; null where nothing was written.
 */
export async function loadTakingBack(db: Reader, { revisions: [made, ...later] }: LoadedRequest): Promise<Operation | null> {
  const takenBack = later.at(-1);
  if (made === undefined || takenBack === undefined) return null;
  return db.operation.findFirst({ where: { endpointId: made.endpointId, requestId: null, createdAt: takenBack.approvedAt } });
}

type Around = {
  readonly workforce: Workforce;
  readonly currentPlan: Request['currentPlan'];
  readonly takingBack: Operation | null;
};

export function presentRequest(actor: Actor, row: LoadedRequest, { workforce, currentPlan, takingBack }: Around): Request {
  const verdict = mayReview(actor, reviewable(row));
  const mayCancel = may(actor, 'request.cancel', cancelledBy(row));
  const isCancellation = ({ purpose }: Operation) => purpose === 'cancellation';
  const operation = row.operations.find((each) => !isCancellation(each)) ?? null;
  const givingBack = takingBack ?? row.operations.find(isCancellation) ?? null;
  return {
    ...presentRequestRow(actor, row, workforce),
    answerer: { kind: answeringOf(row).kind, name: row.answeringTeam?.slug ?? row.answeringPerson?.name ?? '' },
    contract: readContract(row.contract),
    decision: readDecision(row.decision),
    plan: readPlan(row.plan),
    currentPlan,
    reviews: row.reviews.map((review) => ({
      group: review.group,
      reviewer: review.name,
      reviewerId: review.reviewerId,
      decision: review.decision,
      reason: review.reason,
      planHash: review.planHash,
      at: timestampOf(review.createdAt),
    })),
    operation: operation && presentOperation(operation, workforce),
    givingBack: givingBack && presentOperation(givingBack, workforce),
    notReviewableBecause: verdict.ok ? null : verdict.reason,
    supersededBy: row.supersededBy,
    supersedes: row.supersedes[0] ?? null,
    cancellable: mayCancel && requestMachine.next(readState(row.state), 'cancel') !== null,
  };
}
