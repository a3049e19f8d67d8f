import { HostmasterError } from '@hostmaster/core/errors';
import { propose } from '../request/propose.ts';
import { readContract, readDecision } from '../request/stored.ts';
import type { Work } from './step.ts';
import type { Subject } from './subject.ts';

/**
 * Decides once more just before a request is applied, because the world may have changed since it was approved; what is
 * applied already is not decided again.
 * Errors: policy-denied, or plan-stale where a review is needed that nobody gave.
 */
export async function readmit(work: Work, subject: Subject): Promise<void> {
  const { requestId } = work.operation;
  if (requestId === null || work.trail.some(({ step, state }) => step === 'records-applied' && state === 'done')) return;
  work.step = 'admitted';
  const request = await work.ctx.db.request.findUnique({ where: { id: requestId } });
  if (request === null || request.state !== 'approved') return;
  // The approval has given the name to the team that receives it: from then on it is their own change.
  const kind = request.kind === 'transfer' ? 'change' : request.kind;
  const { decision } = await propose(
    work.ctx.db,
    work.ctx.clock.now(),
    { kind, contract: readContract(request.contract) },
    { requestId, ...(request.kind === 'create' ? { endpointId: subject.endpoint.id } : {}), ownRecordSets: subject.recordSets },
  );
  if (decision.outcome === 'deny')
    throw new HostmasterError(
      'policy-denied',
      `The policy no longer allows this: ${decision.violations.map(({ reason }) => reason).join(' ')}`,
      {
        violations: decision.violations,
      },
    );
  const reviewed = new Set(readDecision(request.decision).reviews.map(({ group }) => group));
  const missing = decision.reviews.filter(({ group }) => !reviewed.has(group));
  if (missing.length > 0)
    throw new HostmasterError(
      'plan-stale',
      `Since the approval a review by ${missing.map(({ group }) => group).join(', ')} became necessary: ${missing[0]?.reason ?? ''}`,
    );
}
