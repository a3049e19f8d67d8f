// The DNS half of reconciling: apply exactly the reviewed plan, refuse it where the ground has moved, and believe only what
// every authoritative server answers.
import { type GroundDifference, groundMoved } from '@hostmaster/core/dns/plan';
import { checkPlanSafety } from '@hostmaster/core/dns/plan-safety';
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import { readBack, readNames } from '@hostmaster/core/dns/read-back';
import type { RecordSet, RecordSetChange } from '@hostmaster/core/dns/record-set';
import type { DnsObservationDetail } from '@hostmaster/core/endpoint/observation';
import { HostmasterError } from '@hostmaster/core/errors';
import { hostnameOf } from '@hostmaster/core/hostname/parse-hostname';
import type { NewObservation } from '@hostmaster/db/observation';
import { writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { replaceRecordSetsAt } from '@hostmaster/db/zone-record-set';
import type { WorkerCtx } from '../context.ts';
import { done, holdClaim, type StepResult, type Work } from './step.ts';
import type { Subject } from './subject.ts';

/** What a contract's target becomes: types that must be absent when nothing should be at a name. */
const targetTypes = ['A', 'AAAA', 'CNAME'] as const;

const describe = (set: RecordSet | null): string => (set === null ? 'nothing' : `${set.ttl} ${set.type} ${set.values.join(' ')}`);
const describeDifference = ({ name, type, planned, found }: GroundDifference): string =>
  `${name} ${type}: planned on ${describe(planned)}, found ${describe(found)}`;

export type AppliedRecords = {
  readonly message: string;
  readonly current: readonly RecordSet[];
  /** What was to change, whether this run wrote it or one before. */
};

/** Everything whose name the subject wants something of, or wanted. */
const touched = ({ recordSets, changes }: Subject): readonly { readonly name: string }[] => [...recordSets, ...changes];

/**
 * Writes the plan of the current revision, or what is left of it after a crash; a plan that is there already writes nothing.
 * Errors: plan-stale with every difference, plan-unsafe, dns-not-applied (the server said yes and did not do it), dns-*.
 */
export async function applyRecords(work: Work, subject: Subject): Promise<AppliedRecords> {
  const provider = await subject.provider();
  const before = await readNames(provider, touched(subject), work.signal);
  const { changes } = subject;
  const verdict = groundMoved(changes, before);
  if (verdict.status === 'moved') throw await staleGround(work, subject, verdict.differences, before);
  if (verdict.status === 'already-applied') {
    const message = changes.length === 0 ? 'The records were already right.' : 'The records are in place already.';
    return { message, current: before };
  }

  const remaining = verdict.status === 'partly-applied' ? verdict.remaining : changes;
  const records = await work.ctx.db.zoneRecordSet.count({ where: { zoneId: subject.zone.id } });
  const unsafe = checkPlanSafety(remaining, { apex: hostnameOf(subject.zone.apex), records });
  if (unsafe.length > 0) throw new HostmasterError('plan-unsafe', unsafe.map(({ reason }) => reason).join(' '), { violations: unsafe });
  // After the reading: what the zone held before a newer wish was applied, the prerequisites refuse; after it, this does.
  await holdClaim(work);
  try {
    await provider.apply(remaining, work.signal);
  } catch (error) {
    throw await explained(work, subject, changes, provider, error);
  }

  const current = await readBack(provider, changes, work.signal);
  const sets = `${remaining.length} record set${remaining.length === 1 ? '' : 's'}`;
  return { message: `${sets} changed in ${subject.zone.apex}.`, current };
}

/** What the server refused as stale, said in differences; every other error as it is. */
async function explained(
  work: Work,
  subject: Subject,
  changes: readonly RecordSetChange[],
  provider: DnsProvider,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof HostmasterError) || error.code !== 'plan-stale') return error;
  const found = await readNames(provider, touched(subject), work.signal);
  const verdict = groundMoved(changes, found);
  return verdict.status === 'moved' ? staleGround(work, subject, verdict.differences, found) : error;
}

/** The error with every difference in words. What was found is kept, so that the next plan for the name starts from it. */
async function staleGround(
  work: Work,
  subject: Subject,
  differences: readonly GroundDifference[],
  found: readonly RecordSet[],
): Promise<HostmasterError> {
  await transact(work.ctx.db, async (tx) => {
    await writeOperation(tx, work.claim, { step: work.step });
    await rememberRecords(tx, subject, found, work.ctx.clock.now());
  });
  return new HostmasterError('plan-stale', `The zone changed since the plan was made. ${differences.map(describeDifference).join('; ')}.`);
}

/** Stores what the primary was read to hold, so that later plans start from it. */
export async function rememberRecords(
  tx: Parameters<typeof replaceRecordSetsAt>[0],
  subject: Subject,
  current: readonly RecordSet[],
  now: Date,
): Promise<void> {
  for (const name of new Set(touched(subject).map((set) => set.name)))
    await replaceRecordSetsAt(
      tx,
      subject.zone.id,
      name,
      current.filter((set) => set.name === name),
      now,
    );
}

export type DnsView = { readonly observations: readonly NewObservation[]; readonly agreeing: number; readonly disagreement: string | null };

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
          disagreement ??=
            answer.error === null
              ? `${server.name} answers ${answer.rcode} ${answer.values.join(' ') || 'without data'}, expected ${expected.join(' ') || 'nothing'}.`
              : `${server.name}: ${answer.error}`;
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
  if (view.disagreement === null)
    return done(servers === 1 ? `${subject.servers[0]?.name ?? 'The server'} answers as planned.` : `All ${servers} servers agree.`);
  return {
    outcome: 'wait',
    message: `${view.agreeing} of ${servers} servers agree. ${view.disagreement}`,
    movesNext: 'the name servers',
    seconds: null,
  };
}
