// The DNS half of reconciling: apply exactly the reviewed plan, refuse it where the ground has moved, and believe only what
// every authoritative server answers.
import { type GroundDifference, groundMoved } from '@hostmaster/core/dns/plan';
import { checkPlanSafety } from '@hostmaster/core/dns/plan-safety';
import { readBack, readNames } from '@hostmaster/core/dns/read-back';
import type { RecordSet } from '@hostmaster/core/dns/record-set';
import type { DnsObservationDetail } from '@hostmaster/core/endpoint/observation';
import { HostmasterError } from '@hostmaster/core/errors';
import { hostnameOf } from '@hostmaster/core/hostname/parse-hostname';
import type { NewObservation } from '@hostmaster/db/observation';
import { replaceRecordSetsAt } from '@hostmaster/db/zone-record-set';
import type { WorkerCtx } from '../context.ts';
import { done, type StepResult, type Work } from './step.ts';
import type { Subject } from './subject.ts';

const describe = (set: RecordSet | null): string => (set === null ? 'nothing' : `${set.ttl} ${set.type} ${set.values.join(' ')}`);
const describeDifference = ({ name, type, planned, found }: GroundDifference): string =>
  `${name} ${type}: planned on ${describe(planned)}, found ${describe(found)}`;

export type AppliedRecords = {
  readonly message: string;
  readonly current: readonly RecordSet[];
};

/**
 * Writes the plan of the current revision, or what is left of it after a crash; a plan that is there already writes nothing.
 * Errors: plan-stale with every difference, plan-unsafe, dns-not-applied (the server said yes and did not do it), dns-*.
 */
export async function applyRecords(work: Work, subject: Subject): Promise<AppliedRecords> {
  const { changes } = subject;
  const provider = await subject.provider();
  const before = await readNames(provider, changes, work.signal);
  const verdict = groundMoved(changes, before);
  if (verdict.status === 'moved')
    throw new HostmasterError(
      'plan-stale',
      `The zone changed since the plan was made. ${verdict.differences.map(describeDifference).join('; ')}.`,
    );
  if (verdict.status === 'already-applied')
    return { message: changes.length === 0 ? 'The records were already right.' : 'The records are in place already.', current: before };

  const remaining = verdict.status === 'partly-applied' ? verdict.remaining : changes;
  const records = await work.ctx.db.zoneRecordSet.count({ where: { zoneId: subject.zone.id } });
  const unsafe = checkPlanSafety(remaining, { apex: hostnameOf(subject.zone.apex), records });
  if (unsafe.length > 0) throw new HostmasterError('plan-unsafe', unsafe.map(({ reason }) => reason).join(' '), { violations: unsafe });
  await provider.apply(remaining, work.signal);

  const current = await readBack(provider, changes, work.signal);
  const sets = `${remaining.length} record set${remaining.length === 1 ? '' : 's'}`;
  return { message: `${sets} changed in ${subject.zone.apex}.`, current };
}

/** Stores what the primary was read to hold, so that later plans start from it. */
export async function rememberRecords(
  tx: Parameters<typeof replaceRecordSetsAt>[0],
  subject: Subject,
  current: readonly RecordSet[],
  now: Date,
): Promise<void> {
  for (const name of new Set(subject.changes.map((change) => change.name)))
    await replaceRecordSetsAt(
      tx,
      subject.zone.id,
      name,
      current.filter((set) => set.name === name),
      now,
    );
}

export type DnsView = { readonly observations: readonly NewObservation[]; readonly agreeing: number; readonly disagreement: string | null };

/** Types that must be absent when nothing should be at a name. */
const targetTypes = ['A', 'AAAA', 'CNAME'] as const;

/** Asks every authoritative server of the zone for what the current revision wants, or for its absence. */
export async function observeDns(ctx: WorkerCtx, subject: Subject, signal: AbortSignal): Promise<DnsView> {
  const questions: { type: string; expected: readonly string[]; ttl: number | null }[] =
    subject.recordSets.length > 0
      ? subject.recordSets.map(({ type, values, ttl }) => ({ type, expected: values, ttl }))
      : targetTypes.map((type) => ({ type, expected: [], ttl: null }));
  const answers = await Promise.all(
    questions.map(({ type }) => ctx.prober.askServers(subject.servers, subject.contract.hostname, type, signal)),
  );

  let disagreement: string | null = null;
  const observations = subject.servers.map((server, index): NewObservation => {
    let ok = true;
    const detail: DnsObservationDetail = {
      address: `${server.address}:${server.port}`,
      answers: questions.map(({ type, expected, ttl }, question) => {
        const answer = answers[question]?.[index];
        if (answer === undefined) throw new HostmasterError('internal', 'A prober must answer for every server.');
        const asWanted =
          answer.error === null &&
          answer.authoritative &&
          answer.values.join('\n') === expected.join('\n') &&
          (ttl === null || answer.ttl === ttl) &&
          (answer.rcode === 'NOERROR' || (expected.length === 0 && answer.rcode === 'NXDOMAIN'));
        if (!asWanted) {
          ok = false;
          disagreement ??= `${server.name} ${answer.error ?? `answers ${answer.rcode} ${answer.values.join(' ') || 'without data'}`}, expected ${expected.join(' ') || 'nothing'}.`;
        }
        return { ...answer, type, expected };
      }),
    };
    return { source: server.name, ok, detail: JSON.parse(JSON.stringify(detail)) };
  });
  return { observations, agreeing: observations.filter(({ ok }) => ok).length, disagreement };
}

/** Turns what the servers answered into the step's result. */
export function verifiedOrWaiting(subject: Subject, view: DnsView): StepResult {
  const servers = subject.servers.length;
  if (view.disagreement === null) return done(`${view.agreeing} of ${servers} servers agree.`);
  return {
    outcome: 'wait',
    message: `${view.agreeing} of ${servers} servers agree. ${view.disagreement}`,
    movesNext: 'the name servers',
    seconds: null,
  };
}
