// The DNS half of reconciling: apply exactly the reviewed plan, refuse it where the ground has moved, and believe only what
// every authoritative server answers.

import { isTargetType, targetTypes } from '@hostmaster/core/dns/desired';
import { type GroundDifference, groundMoved, makePlan } from '@hostmaster/core/dns/plan';
import { checkPlanSafety } from '@hostmaster/core/dns/plan-safety';
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import { readBack, readNames } from '@hostmaster/core/dns/read-back';
import { isManaged, type OtherRecordSet, type RecordSetChange } from '@hostmaster/core/dns/record-set';
import { isNameWithin } from '@hostmaster/core/dns/wire/name';
import {
  type DnsFault,
  isLasting,
  isOfAnotherZone,
  judgeAnswer,
  judgeServer,
  type LastingFault,
  spokesman,
} from '@hostmaster/core/endpoint/judge';
import type { DnsAnswer, DnsObservationDetail } from '@hostmaster/core/endpoint/observation';
import { faults } from '@hostmaster/core/endpoint/reasons';
import { HostmasterError } from '@hostmaster/core/errors';
import { type Hostname, isWildcard, parentOf } from '@hostmaster/core/hostname/hostname';
import { nameServers } from '@hostmaster/core/operation/moves-next';
import { claimsName } from '@hostmaster/core/policy/rules/holders';
import type { DnsObservation } from '@hostmaster/core/probe/prober';
import { asSentence } from '@hostmaster/core/sentence';
import type { Tx } from '@hostmaster/db/client';
import { asJson } from '@hostmaster/db/json';
import { type NewObservation, saveObservations } from '@hostmaster/db/observation';
import { writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { replaceRecordSetsAtEach } from '@hostmaster/db/zone-record-set';
import { audit } from '../audit/write.ts';
import type { WorkerCtx } from '../context.ts';
import { untilSettled } from './settle.ts';
import { holdClaim, type StepResult, stepDone, stepSkipped, stepWaits, type Work } from './step.ts';
import type { Run, Subject } from './subject.ts';
import { readForCuts } from './unknown-cuts.ts';

const describe = (set: OtherRecordSet | null): string => (set === null ? 'nothing' : `${set.ttl} ${set.type} ${set.values.join(' ')}`);
const describeDifference = ({ name, type, planned, found }: GroundDifference): string =>
  `${name} ${type}: planned on ${describe(planned)}, found ${describe(found)}`;

type AppliedRecords = { readonly message: string; readonly current: readonly OtherRecordSet[] };

/**
 * The step that writes the plan of the current revision, or what is left of it after a crash; what is there already is not
 * written again. Errors: plan-stale with every difference, plan-unsafe, dns-not-applied (the server said yes and did not do
 * it), dns-*.
 */
export async function recordsApplied({ work, subject }: Run): Promise<StepResult> {
  if (leavesWithout(work, subject)) return stepSkipped(work, withoutServers(subject));
  if (concernsNoRecord(subject))
    return stepSkipped(work, nothingWritten, async (tx) => {
      await noteApplied(tx, subject, work.ctx.clock.now());
    });
  const { message, current } = await applyRecords(work, subject);
  const { id, hostname } = subject.endpoint;
  const now = work.ctx.clock.now();
  return stepDone(work, message, async (tx) => {
    await rememberRecords(tx, subject, current, now);
    // Also where a run that was killed had written them already: it is told once that it happened, not who finished.
    const count = await noteApplied(tx, subject, now);
    if (count > 0 && subject.changes.length > 0)
      await audit(tx, work.ctx, 'records.apply', { id, name: hostname }, { zone: subject.zone.apex, changes: subject.changes }, now);
  });
}

/** @returns how many revisions, one at most, were sent to a server before: what stood there already is nobody's change */
async function noteApplied(tx: Tx, { endpoint, revision: number }: Subject, appliedAt: Date): Promise<number> {
  const revision = { endpointId: endpoint.id, number, appliedAt: null };
  const { count } = await tx.endpointRevision.updateMany({ where: { ...revision, sentAt: { not: null } }, data: { appliedAt } });
  if (count === 0) await tx.endpointRevision.updateMany({ where: revision, data: { appliedAt } });
  return count;
}

/** The step that believes only what every authoritative server answers. */
export async function recordsVerified({ work, subject }: Run): Promise<StepResult> {
  if (leavesWithout(work, subject)) return stepSkipped(work, withoutServers(subject));
  if (concernsNoRecord(subject) || (work.operation.purpose === 'look' && !subject.retires && subject.recordSets.length === 0))
    return stepSkipped(work, nothingWritten);
  const seen = await untilSettled(
    work,
    () => observeDns(work.ctx, subject, work.signal),
    ({ disagreement, lasting }) => disagreement === null || lasting !== null,
  );
  const view = await besidePrimary(subject, seen, work.signal);
  const keep = (tx: Tx) => keepDnsView(tx, subject, view, work.ctx.clock.now());
  const servers = subject.servers.length;
  if (view.disagreement === null) {
    const all = servers === 1 ? `${subject.servers[0]?.name ?? 'The server'} answers as planned.` : `All ${servers} servers agree.`;
    return stepDone(work, view.elsewhere === null ? all : `Taken out of ${subject.zone.apex}. ${view.elsewhere}`, keep);
  }
  const message = `${view.agreeing} of ${servers} servers agree. ${view.disagreement}`;
  // Nothing comes of asking again: whoever reads why it waits reads the way out.
  if (view.lasting !== null) {
    const { remedy, movesNext } = faults[view.lasting];
    return stepWaits(work, { message: `${message} ${remedy}`, movesNext }, keep);
  }
  return stepWaits(work, { message, movesNext: nameServers }, keep);
}

/** Whether a name is retired whose zone was given up: its servers are not there to be asked, and are not waited for. */
const leavesWithout = ({ operation }: Work, { zone }: Subject): boolean => zone.givenUp && operation.purpose === 'retirement';
/** Whether no record is wanted, and none is taken away: no server is written to, and none is asked. */
export const concernsNoRecord = ({ recordSets, formerly, changes }: Subject): boolean =>
  recordSets.length + formerly.length + changes.length === 0;
const nothingWritten = 'Nothing is written in DNS for it.';
const withoutServers = ({ zone }: Subject): string => `The zone ${zone.apex} was given up: what its servers still answer stays as it is.`;

/** Everything whose name the subject wants something of, or wanted. */
const touched = ({ recordSets, changes }: Subject): readonly { readonly name: string }[] => [...recordSets, ...changes];

async function applyRecords(work: Work, subject: Subject): Promise<AppliedRecords> {
  const provider = await subject.provider();
  const before = await readNames(provider, touched(subject), work.signal);
  const { changes } = subject;
  const verdict = groundMoved(changes, before);
  if (verdict.status === 'moved') throw await staleGround(work, subject, verdict.differences, before);
  const strangers = await strangersBeside(work, subject, before);
  if (strangers.length > 0) throw await staleGround(work, subject, strangers, before);
  const drifted = changes.length === 0 && work.operation.purpose === 'revision' ? notAsWanted(subject, before) : [];
  if (drifted.length > 0) throw await staleGround(work, subject, drifted, before);
  if (verdict.status === 'already-applied') {
    const message = changes.length === 0 ? 'The records were already right.' : `Written to ${subject.zone.apex}, and read back.`;
    return { message, current: before };
  }

  const remaining = verdict.status === 'partly-applied' ? verdict.remaining : changes;
  const unsafe = checkPlanSafety(remaining, subject.zone, subject.zone.safety);
  if (unsafe.length > 0) throw new HostmasterError('plan-unsafe', unsafe.map(({ reason }) => reason).join(' '), { violations: unsafe });
  // After the reading: what the zone held before a newer wish was applied, the prerequisites refuse; after it, this does.
  await holdClaim(work);
  await work.ctx.db.endpointRevision.updateMany({
    where: { endpointId: subject.endpoint.id, number: subject.revision, sentAt: null },
    data: { sentAt: work.ctx.clock.now() },
  });
  try {
    await provider.apply(remaining, work.signal);
  } catch (error) {
    throw await explained(work, subject, changes, provider, error);
  }

  const current = await readBack(provider, changes, work.signal);
  const sets = `${remaining.length} record set${remaining.length === 1 ? '' : 's'}`;
  return { message: `${sets} changed in ${subject.zone.apex}.`, current };
}

/**
 * What came to a name after its zone was read and claims it as an address does (HTTPS, MX), where the plan takes a name that was free: whoever
 * approved that knew of nothing there. Beside a name that the team has it is theirs to know; that it came is noted with the rest.
 */
async function strangersBeside(
  { ctx }: Work,
  { zone, endpoint, changes }: Subject,
  found: readonly OtherRecordSet[],
): Promise<GroundDifference[]> {
  if (endpoint.liveSince !== null || changes.some(({ before }) => before !== null)) return [];
  const beside = found.filter((set) => claimsName(set) && !isTargetType(set.type) && changes.some(({ name }) => name === set.name));
  if (beside.length === 0) return [];
  const where = { zoneId: zone.id, name: { in: beside.map(({ name }) => name) } };
  const known = await ctx.db.zoneRecordSet.findMany({ where, select: { name: true, type: true } });
  return beside
    .filter((set) => !known.some(({ name, type }) => name === set.name && type === set.type))
    .map((set) => ({ name: set.name, type: set.type, planned: null, found: set }));
}

/** A plan that changes nothing stands on what was read to be right; whoever changed that by hand meanwhile has moved its ground. */
const notAsWanted = ({ recordSets }: Subject, found: readonly OtherRecordSet[]): GroundDifference[] =>
  makePlan(
    recordSets,
    found.filter(isManaged).filter(({ type }) => isTargetType(type)),
  ).map(({ name, type, before, after }) => ({ name, type, planned: after, found: before }));

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
  if (verdict.status === 'moved') return staleGround(work, subject, verdict.differences, found);
  const names = [...new Set(changes.map(({ name }) => name))].join(', ');
  const unseen = `The name server refused the change, and what Hostmaster reads at ${names} is as planned; a record of another type may stand there, or one whose values the server computes (PowerDNS: LUA), which it answers and does not hold.`;
  return new HostmasterError('plan-stale', unseen, { cause: error });
}

/** The error with every difference in words. What was found is kept, so that the next plan for the name starts from it. */
async function staleGround(
  work: Work,
  subject: Subject,
  differences: readonly GroundDifference[],
  found: readonly OtherRecordSet[],
): Promise<HostmasterError> {
  await transact(work.ctx.db, async (tx) => {
    await writeOperation(tx, work.claim, { step: work.step });
    await rememberRecords(tx, subject, found, work.ctx.clock.now());
  });
  return new HostmasterError('plan-stale', `The zone changed since the plan was made. ${differences.map(describeDifference).join('; ')}.`);
}

/** What the primary holds at the names of the subject; null where it cannot be read now, or not in time: what was seen is kept all the same. */
export const readAtPrimary = (subject: Subject, signal: AbortSignal): Promise<readonly OtherRecordSet[] | null> =>
  whereReadable(signal, async () => readNames(await subject.provider(), touched(subject), signal));

async function whereReadable<T>(signal: AbortSignal, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof HostmasterError || signal.aborted) return null;
    throw error;
  }
}

/** Stores what the primary was read to hold, so that later plans start from it. */
export async function rememberRecords(tx: Tx, subject: Subject, current: readonly OtherRecordSet[], now: Date): Promise<void> {
  const names = touched(subject).map(({ name }) => name);
  await replaceRecordSetsAtEach(tx, subject.zone.id, names, current, now);
}

type Question = Pick<DnsAnswer, 'type' | 'expected' | 'expectedTtl' | 'withdrawn'>;

function questionsOf({ recordSets, formerly, changes }: Subject): Question[] {
  if (recordSets.length > 0)
    return recordSets.map(({ type, values, ttl }) => ({ type, expected: values, expectedTtl: ttl, withdrawn: null }));
  return targetTypes.map((type) => {
    const change = changes.find((one) => one.type === type);
    const left = change?.after?.values ?? [];
    const ours = [...(change?.before?.values ?? []), ...formerly.flatMap((set) => (set.type === type ? set.values : []))];
    const withdrawn = [...new Set(ours)].filter((value) => !left.includes(value));
    return { type, expected: [], expectedTtl: null, withdrawn };
  });
}

/** The answer of each server, in their order. */
async function askAll(
  ctx: WorkerCtx,
  { servers, zone, endpoint: { id, hostname } }: Subject,
  question: Question,
  signal: AbortSignal,
): Promise<DnsAnswer[]> {
  const ask = async (name: string) =>
    (await ctx.prober.askServers(servers, name, question.type, signal)).map((answer) => ({
      ...answer,
      cut: cutIn(zone.apex, answer),
      // Of another zone it says nothing of how far the server has followed this one.
      serial: answer.zone === null || answer.zone === zone.apex ? answer.serial : null,
      primarySerial: null,
    }));
  const answers = await ask(hostname);
  if (answers.length !== servers.length) throw new HostmasterError('internal', 'A prober must answer for every server.');
  const { withdrawn } = question;
  const sibling = siblingOf(hostname, id);
  if (sibling === null || !answers.some(({ cut, values }) => cut === null && values.some((value) => withdrawn?.includes(value))))
    return answers.map((answer) => ({ ...answer, ...question }));
  const wild = await ask(sibling);
  return answers.map((answer, index) => {
    const synthesised = wild[index]?.values ?? [];
    return { ...answer, ...question, withdrawn: withdrawn?.filter((value) => !synthesised.includes(value)) ?? null };
  });
}

/** A cut of the name's own zone: from above its apex, whoever does not serve the zone refers to it. */
function cutIn(apex: Hostname, { cut, zone }: DnsObservation): DnsObservation['cut'] {
  if (cut !== null && isNameWithin(cut.name, apex) && (cut.type === 'DNAME' || cut.name !== apex)) return cut;
  return zone !== null && zone !== apex && isNameWithin(zone, apex) ? { type: 'SOA', name: zone, leadsTo: [] } : null;
}

/** A name that nobody has, for which a server answers as it does for the hostname once that is gone: from the same wildcard, if any. */
function siblingOf(hostname: Hostname, endpointId: string): string | null {
  const parent = parentOf(hostname);
  const above = parent !== null && isWildcard(hostname) ? parentOf(parent) : parent;
  return above === null ? null : `${endpointId}.${above}`;
}

/** Answers with authority, and other than approved. */
const otherwise: readonly (DnsFault | null)[] = ['ServerAhead', 'PrimaryDiffers', 'ServerDisagrees', 'TtlDiffers'];

export type DnsView = {
  readonly details: readonly DnsObservationDetail[];
  readonly observations: readonly NewObservation[];
  readonly agreeing: number;
  readonly disagreement: string | null;
  /** Whether a server answers with authority, and other than approved. */
  readonly otherwise: boolean;
  /** What no waiting mends, in the disagreement's words; null where that is not known. */
  readonly lasting: LastingFault | null;
  /** What a server answers from a zone that was split off, for a name that is to go from this one; null where none does. */
  readonly elsewhere: string | null;
};

/** Keeps what was seen, and has the zone read where that says that something came of which nobody knows. */
export async function keepDnsView(tx: Tx, subject: Subject, { details, observations }: DnsView, now: Date): Promise<void> {
  await readForCuts(tx, subject, details, now);
  await saveObservations(tx, subject.endpoint.id, 'dns', observations, now);
}

/** Asks every authoritative server of the zone for what the current revision wants, or whether what it took away is gone. */
export async function observeDns(ctx: WorkerCtx, subject: Subject, signal: AbortSignal): Promise<DnsView> {
  const questions = questionsOf(subject);
  const answers = await Promise.all(questions.map((question) => askAll(ctx, subject, question, signal)));
  const details = subject.servers.map((server, index) => ({
    address: `${server.address}:${server.port}`,
    answers: answers.flatMap((ofServers) => ofServers[index] ?? []),
  }));
  return viewOf(subject, details);
}

/**
 * What was seen, beside the serial of the primary where servers differ: asked after them, it can only have grown, so that whoever is ahead of
 * it was so. As it is where the primary cannot be read now.
 */
export async function besidePrimary(subject: Subject, view: DnsView, signal: AbortSignal): Promise<DnsView> {
  if (!view.otherwise) return view;
  const soa = (await whereReadable(signal, async () => (await subject.provider()).readName(subject.zone.apex, signal)))?.find(
    ({ type }) => type === 'SOA',
  );
  if (soa === undefined) return view;
  const primarySerial = Number(soa.values[0]?.split(' ')[2]);
  if (!Number.isInteger(primarySerial)) return view;
  return viewOf(
    subject,
    view.details.map(({ address, answers }) => ({ address, answers: answers.map((answer) => ({ ...answer, primarySerial })) })),
  );
}

function viewOf(subject: Subject, details: readonly DnsObservationDetail[]): DnsView {
  const seen = details.map((detail, index) => ({
    source: subject.servers[index]?.name ?? detail.address,
    detail,
    verdict: judgeServer(detail),
  }));
  const wrong = seen.filter(({ verdict }) => verdict.fault !== null);
  const { fault = null, sentence = null } = spokesman(wrong)?.verdict ?? {};
  const others = details.flatMap(({ answers: all }) => all.filter(isOfAnotherZone));
  const elsewhere = others.find(({ values }) => values.length > 0) ?? others[0];
  return {
    details,
    observations: seen.map(({ source, detail, verdict }) => ({ source, ok: verdict.fault === null, detail: asJson(detail) })),
    agreeing: seen.length - wrong.length,
    disagreement: sentence === null ? null : asSentence(sentence),
    otherwise: wrong.some(({ verdict }) => otherwise.includes(verdict.fault)),
    lasting: isLasting(fault) ? fault : null,
    elsewhere: elsewhere === undefined ? null : asSentence(judgeAnswer(elsewhere).sentence),
  };
}
