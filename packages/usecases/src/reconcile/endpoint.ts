// Brings one endpoint from its approved revision to a name that answers. Which steps a run takes, its purpose says
// (core/operation/purpose.ts); each looks first whether the world is there already, so that a run that was killed anywhere
// is simply run again.
import { HostmasterError } from '@hostmaster/core/errors';
import { firstLane, laneOf } from '@hostmaster/core/operation/lane';
import { type EndpointStep, endpointPurposes } from '@hostmaster/core/operation/purpose';
import { admit } from './admit.ts';
import { certificateIssued, renewInUse } from './certificate.ts';
import { certificateDelivered } from './deliver.ts';
import { givenBack } from './give-back.ts';
import { certificateServed, reachable } from './probe.ts';
import { recordsApplied, recordsVerified } from './records.ts';
import { withdrawn } from './retire.ts';
import { certificateRevoked, revokeAskedFirst } from './revoke-asked.ts';
import { done, type StepResult, turnTo, type Work } from './step.ts';
import { loadSubject, type Run } from './subject.ts';

/** What each step does, once the endpoint is there. */
const steps: { readonly [S in Exclude<EndpointStep, 'admitted' | 'given-back'>]: (run: Run) => Promise<StepResult> } = {
  'records-applied': recordsApplied,
  'records-verified': recordsVerified,
  'certificate-issued': certificateIssued,
  'certificate-delivered': certificateDelivered,
  'certificate-served': certificateServed,
  'certificate-revoked': certificateRevoked,
  reachable,
  withdrawn,
};

/** Errors: those of the steps; FenceLost where somebody else has taken over. */
export async function reconcileEndpoint(work: Work): Promise<StepResult> {
  const { purpose } = work.operation;
  if (!(purpose in endpointPurposes)) throw new HostmasterError('internal', `Work on an endpoint cannot be a ${purpose}.`);
  const taken = stepsTaken(work, endpointPurposes[purpose as keyof typeof endpointPurposes].steps);
  turnTo(work, taken[0] ?? work.step);
  const over = await revokeAskedFirst(work);
  if (over !== null) return over;
  if (purpose === 'cancellation') return givenBack(work);
  const endpointId = taken.includes('admitted') ? await admit(work) : work.operation.endpointId;
  if (endpointId === null) throw new HostmasterError('internal', 'The operation names no endpoint.');
  const subject = await loadSubject(work.ctx, work.ctx.db, endpointId);
  const run: Run = { work, subject, view: null, certificate: undefined, pending: undefined };
  requireAgreement(run);
  if (taken.includes('certificate-issued')) await renewInUse(run);
  let result = done('There was nothing to do.');
  for (const step of taken) {
    if (step === 'admitted' || step === 'given-back') continue;
    turnTo(work, step);
    if (work.lane !== null && laneOf(step) !== work.lane) return { outcome: 'hand-over', lane: laneOf(step) };
    result = await steps[step](run);
    if (result.outcome !== 'done') return result;
  }
  return taken.at(-1) === 'reachable' ? done('Everything is as approved.') : result;
}

/** All of them, or what is left of a try that was handed over: only a worker writes the lane, so the step there is what it has reached. */
const stepsTaken = ({ operation, lane }: Work, all: readonly EndpointStep[]): readonly EndpointStep[] =>
  lane === null || lane === firstLane ? all : all.slice(Math.max(0, (all as readonly string[]).indexOf(operation.step)));

/**
 * Work is begun by whoever may ask, but what is wanted stands in the revision, which only an admission makes: a name leaves
 * the world where its revision wants nothing of it, and nowhere else. Errors: plan-stale.
 */
function requireAgreement({ work, subject }: Run): void {
  const leaves = subject.retires;
  if (leaves === (work.operation.purpose === 'retirement')) return;
  const { hostname } = subject.endpoint;
  throw new HostmasterError(
    'plan-stale',
    leaves ? `The approved revision of ${hostname} is its retirement.` : `The approved revision of ${hostname} is not its retirement.`,
  );
}
