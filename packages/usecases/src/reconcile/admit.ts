// The first step of what somebody asked for: decide once more, because the world may have changed since it was approved,
// and make the endpoint's next revision of it. Only the worker writes revisions.
import { randomUUID } from 'node:crypto';
import { isCertificateOnly } from '@hostmaster/core/contract/endpoint';
import { fieldWords } from '@hostmaster/core/contract/fields';
import { planHash } from '@hostmaster/core/dns/plan';
import { readNames } from '@hostmaster/core/dns/read-back';
import { endpointMachine } from '@hostmaster/core/endpoint/state';
import { HostmasterError } from '@hostmaster/core/errors';
import { skeletonOf } from '@hostmaster/core/hostname/parse-hostname';
import { groupWords } from '@hostmaster/core/policy/review-group';
import type { Db, Tx } from '@hostmaster/db/client';
import { lockEndpoint } from '@hostmaster/db/endpoint-lock';
import { holdNames } from '@hostmaster/db/held-name';
import { transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { replaceRecordSetsAt } from '@hostmaster/db/zone-record-set';
import { certificateNames } from '../certificate/fitting.ts';
import { heldBackFrom } from '../endpoint/held-back.ts';
import { type Proposal, propose } from '../request/propose.ts';
import { readContract, readDecision, readPlan } from '../stored-columns.ts';
import { connectZone } from '../zone/connect.ts';
import { tellSent } from './give-back.ts';
import { stepDone, type Work } from './step.ts';

/**
 * Admits the request of the operation; what is applied already is not decided again.
 * Errors: policy-denied; plan-stale where another plan would be made now, or a review is needed that nobody gave; conflict
 * where the endpoint was changed in between.
 * @returns the endpoint's id, or null where the operation names neither a request nor an endpoint.
 */
export async function admit(work: Work): Promise<string | null> {
  const { requestId, endpointId } = work.operation;
  const request = requestId === null ? null : await loadAdmitted(work.ctx.db, requestId);
  if (request === null || request.state !== 'approved') return endpointId;
  const [made] = request.revisions;
  if (made === undefined) return admitFirst(work, request);
  if (made.appliedAt === null) await decideAgain(work, request, made.endpointId);
  return made.endpointId;
}

/** A request with the reviews that allowed it and the newest revision that was made of it. */
export const loadAdmitted = (db: Db, id: string) =>
  db.request.findUnique({
    where: { id },
    include: {
      reviews: { orderBy: { createdAt: 'asc' } },
      revisions: { orderBy: { number: 'desc' }, take: 1, select: { endpointId: true, appliedAt: true } },
      zone: true,
    },
  });
type AdmittedRequest = NonNullable<Awaited<ReturnType<typeof loadAdmitted>>>;

async function admitFirst(work: Work, request: AdmittedRequest): Promise<string> {
  const { ctx, operation } = work;
  const overtakes = await overtakesWork(work, request);
  if (overtakes) await readAgain(work, request);
  const { completed, site } = await decideAgain(work, request, null);
  if (completed === null || site.zone === null) throw new HostmasterError('plan-stale', 'There is no plan for it any more.');
  if (hashAsApproved(request, completed.plan) !== request.planHash && !(overtakes && onlyOwnMoved(request, site)))
    throw stalePlan(request, completed.plan);
  const zoneId = site.zone.id;
  let endpointId = '';
  await stepDone(work, wordsOf(request), async (tx) => {
    endpointId = await makeRevision(tx, work, request, completed, { zoneId, decidedOn: site.endpoint }, ctx.clock.now());
    await tx.operation.updateMany({ where: { id: operation.id }, data: { endpointId } });
  });
  return endpointId;
}

/** Whether work on the name was under way whose outcome nobody knows for sure: superseded, cancelled, or being taken back. */
async function overtakesWork({ ctx, operation }: Work, { hostname, view }: AdmittedRequest): Promise<boolean> {
  if (operation.generation === 1) return false;
  const endpoint = await ctx.db.endpoint.findUnique({
    where: { hostname_view: { hostname, view } },
    select: { revisions: { where: { sentAt: { not: null } }, orderBy: { number: 'desc' }, take: 1, include: { request: true } } },
  });
  const last = endpoint?.revisions[0];
  return last !== undefined && (last.appliedAt === null || last.request.state !== 'applied');
}

/**
 * What other work wrote may be there, and nobody may have noted it: the plan is made on what the zone holds now.
 * Errors: not-found, dns-*.
 */
async function readAgain({ ctx, signal }: Work, { zone, hostname: name }: AdmittedRequest): Promise<void> {
  if (zone === null) throw new HostmasterError('not-found', `The zone of ${name} was removed.`);
  if (zone.givenUpAt !== null) return;
  const found = await readNames(await connectZone(ctx, zone), [{ name }], signal);
  await transact(ctx.db, (tx) => replaceRecordSetsAt(tx, zone.id, name, found, ctx.clock.now()));
}

/** Whether nothing of anybody else stands at the name but what did when the plan was approved. */
function onlyOwnMoved(request: AdmittedRequest, { observed }: Proposal['site']): boolean {
  const known = readPlan(request.plan).changes;
  return observed.every(({ type, foreign }) => {
    const before = known.find((change) => change.type === type)?.before?.values ?? [];
    return foreign.every((value) => before.includes(value));
  });
}

/** @param endpointId the endpoint whose revision was made of it before */
export async function decideAgain(work: Work, request: AdmittedRequest, endpointId: string | null): Promise<Proposal> {
  // The first admission has given the name to the team that receives it: from then on it is their own change.
  const kind = request.kind === 'transfer' && endpointId !== null ? 'change' : request.kind;
  const again = { requestId: request.id, ...(request.kind === 'create' && endpointId !== null ? { endpointId } : {}) };
  const proposal = await propose(work.ctx, { kind, contract: readContract(request.contract) }, again);
  const { decision } = proposal;
  if (decision.outcome === 'deny')
    throw new HostmasterError(
      'policy-denied',
      `The policy no longer allows this: ${decision.violations.map(({ reason }) => reason).join(' ')}`,
      { violations: decision.violations },
    );
  // By the reviews themselves, and not by what the request says of them.
  const given = request.reviews.filter((review) => review.decision === 'approve' && review.planHash === request.planHash);
  const missing = decision.reviews.filter(({ group }) => !given.some((review) => review.group === group));
  if (missing.length > 0)
    throw new HostmasterError(
      'plan-stale',
      `It needs a review by ${missing.map(({ group }) => groupWords(group)).join(', ')} that nobody gave: ${missing[0]?.reason ?? ''}`,
    );
  return proposal;
}

/** The hash of a plan over what the approved one said: those of the first releases said nothing of the contract. */
const hashAsApproved = (request: AdmittedRequest, plan: ReturnType<typeof readPlan>): string =>
  readPlan(request.plan).contract === null ? planHash({ ...plan, contract: null }) : plan.hash;

/** The error that names what would be changed otherwise than it was approved. */
function stalePlan(request: AdmittedRequest, now: ReturnType<typeof readPlan>): HostmasterError {
  const texts = (plan: ReturnType<typeof readPlan>) => [
    ...plan.changes.map(({ name, type, before, after }) => {
      const [from, to] = [before, after].map((set) => (set === null ? 'nothing' : `${set.ttl} ${set.values.join(' ')}`));
      return `${name} ${type}: ${from} → ${to}`;
    }),
    ...(plan.contract?.changes ?? []).map(
      ({ field, before, after }) => `${fieldWords(field)}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`,
    ),
  ];
  const approved = texts(readPlan(request.plan));
  const other = texts(now).filter((text) => !approved.includes(text));
  return new HostmasterError(
    'plan-stale',
    `Another plan would be made now than the one that was approved${other.length === 0 ? '.' : `: ${other.join('; ')}.`}`,
  );
}

/** Who or what allowed it. */
function wordsOf(request: AdmittedRequest): string {
  const approvals = request.reviews.filter(({ decision }) => decision === 'approve');
  if (approvals.length === 0) return `Admitted by policy ${readDecision(request.decision).policyVersion}; no review needed.`;
  const groupsOf = (reviewer: string) => approvals.flatMap(({ name, group }) => (name === reviewer ? [groupWords(group)] : []));
  const reviewers = [...new Set(approvals.map(({ name }) => name))];
  return `Approved by ${reviewers.map((name) => `${name} (${groupsOf(name).join(' and ')})`).join(', ')}.`;
}

/** @returns the endpoint's id. Errors: conflict, where the endpoint is no longer what the decision saw. */
async function makeRevision(
  tx: Tx,
  work: Work,
  request: AdmittedRequest,
  { contract, recordSets, plan }: NonNullable<Proposal['completed']>,
  placement: { readonly zoneId: string; readonly decidedOn: Proposal['site']['endpoint'] },
  now: Date,
): Promise<string> {
  const { hostname, view } = contract;
  await lockEndpoint(tx, hostname, view);
  const existing = await tx.endpoint.findUnique({
    where: { hostname_view: { hostname, view } },
    include: { revisions: { orderBy: { number: 'desc' }, take: 1, select: { number: true } } },
  });
  const { decidedOn, zoneId } = placement;
  if (existing?.revision !== decidedOn?.revision || existing?.state !== decidedOn?.state || existing?.teamId !== decidedOn?.teamId)
    throw new HostmasterError('conflict', `${hostname} was changed a moment ago.`);
  const number = (existing?.revisions[0]?.number ?? 0) + 1;
  if (existing !== null) await tellSent(tx, work, existing, now);
  const placed = {
    zoneId,
    teamId: request.teamId,
    environment: contract.environment ?? '',
    revision: number,
    certificateOnly: isCertificateOnly(contract),
    changedAt: now,
  };
  const id = existing?.id ?? randomUUID();
  if (existing === null)
    await tx.endpoint.create({
      data: { ...placed, id, hostname, view, skeleton: skeletonOf(hostname), createdAt: now },
      select: { id: true },
    });
  else {
    const event = request.kind === 'retire' ? 'retire' : existing.state === 'retired' ? 'reclaim' : 'revise';
    endpointMachine.advance(existing.state, event);
    await transition(tx, 'endpoint', { id }, event, { ...placed, ...(event === 'reclaim' ? { liveSince: null } : {}) });
  }
  // What a retirement lets go is held until it is gone from every server.
  if (request.kind !== 'retire')
    await holdNames(tx, { id, teamId: request.teamId }, certificateNames(contract), heldBackFrom(existing?.liveSince ?? null, now));
  await tx.endpointRevision.create({
    data: {
      endpointId: id,
      number,
      contract,
      recordSets: recordSets.map((set) => ({ ...set, values: [...set.values] })),
      retires: request.kind === 'retire',
      plan,
      requestId: request.id,
      approvedAt: now,
    },
    select: { number: true },
  });
  await tx.request.updateMany({ where: { id: request.id }, data: { endpointId: id } });
  return id;
}
