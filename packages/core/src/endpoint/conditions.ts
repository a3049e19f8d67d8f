// The six conditions of an endpoint, derived from the approved revision, the newest operation, what servers and addresses
// answered, and the certificate. Only an observation turns a condition about the world true; what was observed before the
// newest revision was approved says nothing about it.

import { type Condition, conditionTypes } from '../contract/endpoint-view.ts';
import type { EndpointStep } from '../operation/purpose.ts';
import { lastWord } from '../operation/trail.ts';
import { isInUse } from '../pki/certificate-state.ts';
import { endOf } from '../pki/renewal.ts';
import { asSentence } from '../sentence.ts';
import { concernsCurrentRevision, type EndpointFacts, failedStep, isPast, isUnfinished, wantsNothing } from './facts.ts';
import { judgeAddress, judgeCertificate, judgeReach, judgeServer, misleads, reachFaults, spokesman } from './judge.ts';
import type { EndpointObserved } from './observation.ts';
import { reasonOfError } from './reasons.ts';

export type ConditionType = Condition['type'];
type Verdict = Pick<Condition, 'status' | 'reason' | 'message'> & { readonly since: Date | null };

/** All six, in the order in which they come about. Times are RFC 3339. */
export function conditionsOf(facts: EndpointFacts): readonly Condition[] {
  return conditionTypes.map((type) => {
    const { since, ...verdict } = verdicts[type](facts);
    const next = verdict.status === 'true' ? null : isUnfinished(facts.operation) ? facts.operation.nextAttempt : facts.nextCheckAt;
    return { type, ...verdict, since: since?.toISOString() ?? null, nextAttempt: next?.toISOString() ?? null };
  });
}

const verdicts: { readonly [T in ConditionType]: (facts: EndpointFacts) => Verdict } = {
  Admitted: (facts) =>
    failure(facts, 'admitted') ??
    failure(facts, 'given-back') ?? {
      status: 'true',
      ...admitted(facts.revision),
      since: facts.revision.approvedAt,
    },
  RecordsApplied: recordsApplied,
  RecordsVerified: recordsVerified,
  CertificateIssued: certificateIssued,
  CertificateServed: certificateServed,
  Reachable: reachable,
};

const admitted = ({ number, takesBack }: EndpointFacts['revision']): Pick<Verdict, 'reason' | 'message'> =>
  takesBack === null
    ? { reason: 'Approved', message: `Revision ${number} was approved.` }
    : { reason: 'TakenBack', message: `Taken back: what request #${takesBack} had begun.` };

function recordsApplied(facts: EndpointFacts): Verdict {
  const failed = failure(facts, 'records-applied');
  if (failed) return failed;
  const done = lastWord(facts.operation?.trail ?? [], 'records-applied');
  if (done?.state === 'done') return { status: 'true', reason: 'Applied', message: done.message, since: new Date(done.at) };
  if (isAlone(facts) && !isAt(facts, 'records-applied')) return notNeeded(facts, 'Nothing is written at the name.');
  const verified = recordsVerified(facts);
  if (verified.status === 'true')
    return { status: 'true', reason: 'Observed', message: 'The servers hold the records.', since: verified.since };
  return waiting(facts, 'records-applied');
}

function recordsVerified(facts: EndpointFacts): Verdict {
  // The records that it had before are looked for while they go, and never again: somebody else keeps what stands there.
  if (isAlone(facts) && !isAt(facts, 'records-applied') && !isAt(facts, 'records-verified'))
    return notNeeded(facts, 'Nothing is written at the name.');
  const current = facts.dns.filter((observed) => concernsCurrentRevision(facts, observed));
  if (current.length === 0 || current.length < facts.dns.length)
    return failure(facts, 'records-verified') ?? waiting(facts, 'records-verified');
  const bad = current
    .map((observed) => ({ ...observed, verdict: judgeServer(observed.detail) }))
    .filter(({ verdict }) => verdict.fault !== null);
  const first = spokesman(bad);
  const agreeing = `${current.length - bad.length} of ${current.length} ${current.length === 1 ? 'server agrees' : 'servers agree'}`;
  if (first === undefined) return { status: 'true', reason: 'AllServersAgree', message: `${agreeing}.`, since: newest(current) };
  const { fault, sentence } = first.verdict;
  return { status: 'false', reason: fault ?? 'ServerDisagrees', message: asSentence(`${agreeing}: ${sentence}`), since: oldest(bad) };
}

function certificateIssued(facts: EndpointFacts): Verdict {
  const unneeded = withoutTls(facts);
  if (unneeded) return unneeded;
  const { certificate } = facts;
  const failed = failure(facts, 'certificate-issued');
  // To the end of notAfter, as urgencies count (RFC 5280 §4.1.2.5).
  const valid = certificate !== null && isInUse(certificate.state) && certificate.notAfter >= facts.now;
  if (certificate !== null && valid) {
    const until = `Valid until ${endOf(certificate)}.`;
    const message = failed === null ? until : `${until} The newest try for another one failed: ${failed.message}`;
    return { status: 'true', reason: 'Issued', message, since: certificate.issuedAt };
  }
  if (failed) return failed;
  if (certificate !== null && isInUse(certificate.state)) {
    const message = `The certificate expired on ${endOf(certificate)}.`;
    return { status: 'false', reason: 'Expired', message, since: certificate.notAfter };
  }
  if (certificate?.state === 'revoked') return { status: 'false', reason: 'Revoked', message: 'The certificate was revoked.', since: null };
  return waiting(facts, 'certificate-issued');
}

/**
 * What was seen from outside of the revision in force. `astray`: what went wrong where nobody wanted the name to lead, while servers answer
 * otherwise than approved. That follows from DNS, has no remedy of its own, and says nothing of where the name should lead.
 */
export function seenOutside(facts: EndpointFacts): {
  readonly told: readonly EndpointObserved[];
  readonly astray: readonly EndpointObserved[];
} {
  const fresh = facts.endpoint.filter(({ observedAt }) => observedAt >= facts.revision.approvedAt);
  const servers = facts.dns.filter((observed) => concernsCurrentRevision(facts, observed)).map(({ detail }) => detail);
  const wanted = facts.revision.recordSets.flatMap(({ values }) => values);
  const isAstray = ({ source, detail }: EndpointObserved) =>
    judgeAddress(source, detail).fault !== null && !wanted.includes(detail.address) && misleads(servers, detail);
  return { told: fresh.filter((observed) => !isAstray(observed)), astray: fresh.filter(isAstray) };
}

const ledAstray = (astray: readonly EndpointObserved[]): Verdict | null =>
  astray.length === 0
    ? null
    : {
        status: 'unknown',
        reason: 'Pending',
        message: 'The name servers lead elsewhere than approved: that comes first.',
        since: oldest(astray),
      };

function certificateServed(facts: EndpointFacts): Verdict {
  // What serves a name that leaves must let go of it.
  if (wantsNothing(facts)) return failure(facts, 'withdrawn') ?? leaving;
  const unneeded = withoutTls(facts) ?? (isAlone(facts) ? notNeeded(facts, 'Where it is installed is not looked at.') : null);
  if (unneeded) return unneeded;
  const { certificate } = facts;
  // What was not delivered is not served, and has no condition of its own.
  const failed = failure(facts, 'certificate-delivered') ?? failure(facts, 'certificate-served');
  if (certificate === null) return failed ?? waiting(facts, 'certificate-served');
  const { told, astray } = seenOutside(facts);
  const fresh = told.map((observed) => ({
    ...observed,
    verdict: judgeCertificate(
      observed.source,
      observed.detail,
      observed.detail.ofView === null ? certificate.serial : observed.detail.expectedSerial,
    ),
  }));
  // Another certificate that was seen before this one was issued is no fault.
  const asked = fresh.filter(({ verdict, observedAt }) => verdict.fault !== 'OtherCertificateServed' || observedAt >= certificate.issuedAt);
  for (const fault of ['OtherCertificateServed', 'ChainNotTrusted'] as const) {
    const found = asked.filter(({ verdict }) => verdict.fault === fault);
    const [first] = found;
    if (first) return { status: 'false', reason: fault, message: asSentence(first.verdict.sentence), since: oldest(found) };
  }
  const served = asked.filter(({ verdict }) => verdict.fault === null);
  if (served.length > 0 && served.length === asked.length) {
    const where = served.length === 1 ? (served[0]?.source ?? '') : `all ${served.length} addresses`;
    const sibling = served.find(({ detail }) => detail.ofView !== null)?.detail.ofView ?? null;
    const message =
      sibling === null
        ? `Seen on the wire at ${where}.`
        : `That of the same name in the ${sibling} view is seen on the wire at ${where}: one place serves both.`;
    return { status: 'true', reason: 'Served', message, since: newest(served) };
  }
  if (asked.length > 0)
    return {
      status: 'unknown',
      reason: 'NotReached',
      message: 'No certificate was seen: the address did not get that far.',
      since: oldest(asked),
    };
  return failed ?? ledAstray(astray) ?? waiting(facts, 'certificate-served');
}

function reachable(facts: EndpointFacts): Verdict {
  if (wantsNothing(facts)) return leaving;
  if (isAlone(facts)) return notNeeded(facts, 'Where the name leads is not looked at.');
  const { told: fresh, astray } = seenOutside(facts);
  const judged = fresh.map((observed) => ({ ...observed, verdict: judgeReach(observed.source, observed.detail) }));
  const failed = judged.filter(({ verdict }) => verdict.fault !== null);
  // Addresses may fail in different layers; the outermost is what users meet first.
  for (const fault of reachFaults) {
    const first = failed.find(({ verdict }) => verdict.fault === fault);
    if (first) return { status: 'false', reason: fault, message: asSentence(first.verdict.sentence), since: oldest(failed) };
  }
  if (fresh.length === 0) return failureOnTheWay(facts) ?? ledAstray(astray) ?? waiting(facts, 'reachable');
  const status = fresh[0]?.detail.httpStatus ?? null;
  const where = fresh.length === 1 ? (fresh[0]?.source ?? '') : `All ${fresh.length} addresses`;
  const message = `${where} ${fresh.length === 1 ? 'answers' : 'answer'}${status === null ? '' : ` with status ${status}`}.`;
  return { status: 'true', reason: 'Answered', message, since: newest(fresh) };
}

/** Steps of a certificate that have no condition of their own (all of them without TLS): what they met keeps the name from being looked at. */
function failureOnTheWay(facts: EndpointFacts): Verdict | null {
  const steps = ['certificate-issued', 'certificate-delivered', 'certificate-served'] as const;
  const before = facts.revision.usesTls ? null : steps.map((step) => failure(facts, step)).find((found) => found !== null);
  return before ?? failure(facts, 'certificate-revoked') ?? failure(facts, 'reachable');
}

const leaving: Verdict = { status: 'unknown', reason: 'Retired', message: 'Nothing should be there any more.', since: null };

function withoutTls(facts: EndpointFacts): Verdict | null {
  if (wantsNothing(facts)) return leaving;
  return facts.revision.usesTls ? null : notNeeded(facts, 'The contract ends TLS nowhere.');
}

const notNeeded = ({ revision }: EndpointFacts, message: string): Verdict => ({
  status: 'true',
  reason: 'NotNeeded',
  message,
  since: revision.approvedAt,
});

/** Whether work stands at the step. */
const isAt = ({ operation, state }: EndpointFacts, step: EndpointStep): boolean =>
  operation !== null && !isPast(operation, state) && operation.step === step;

const isAlone = (facts: EndpointFacts): boolean => facts.revision.certificateOnly && !wantsNothing(facts);

/** The error that the newest operation met at this step, unless it has got past it since. */
function failure({ operation, state }: EndpointFacts, step: EndpointStep): Verdict | null {
  if (operation === null || operation.error === null || failedStep(operation) !== step) return null;
  if (isPast(operation, state)) return null;
  return { status: 'false', reason: reasonOfError(operation.error.code), message: operation.error.message, since: operation.since };
}

function waiting({ operation }: EndpointFacts, step: EndpointStep): Verdict {
  if (!isUnfinished(operation)) return { status: 'unknown', reason: 'NotObserved', message: 'It was not looked at yet.', since: null };
  if (!operation.steps.includes(step))
    return { status: 'unknown', reason: 'NotObserved', message: 'It was not looked at yet.', since: null };
  if (operation.step === step) return { status: 'unknown', reason: 'InProgress', message: operation.reason, since: operation.since };
  return { status: 'unknown', reason: 'Pending', message: 'Comes after the steps before it.', since: operation.since };
}

const times = (observed: readonly { readonly since: Date }[]): number[] => observed.map(({ since }) => since.getTime());
const newest = (observed: readonly { readonly since: Date }[]): Date | null =>
  observed.length === 0 ? null : new Date(Math.max(...times(observed)));
const oldest = (observed: readonly { readonly since: Date }[]): Date | null =>
  observed.length === 0 ? null : new Date(Math.min(...times(observed)));
