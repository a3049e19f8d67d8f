// What is broken, in words for whoever is on call: which layer, why, what was seen, what mends it, who moves next.

import type { z } from 'zod';
import type { ChainLink, Condition, finding } from '../contract/endpoint-view.ts';
import { chainLinks } from '../contract/endpoint-view.ts';
import { errorTable } from '../error-table.ts';
import { theTeam, whoeverAsked } from '../operation/moves-next.ts';
import { isInUse } from '../pki/certificate-state.ts';
import { leftInWords, urgencyOf } from '../pki/renewal.ts';
import { dayOf, secondOf } from '../said-time.ts';
import { asSentence } from '../sentence.ts';
import { chainOf } from './chain.ts';
import { type ConditionType, conditionsOf } from './conditions.ts';
import { type EndpointFacts, failedStep, isUnfinished, type NotRevokedFact, wantsNothing } from './facts.ts';
import { certificateFaults, dnsFaults, type ReachFault, reachFaults } from './judge.ts';
import type { DnsAnswer } from './observation.ts';
import { type Fault, faults, findingCodes, isFault } from './reasons.ts';

export type EndpointFinding = z.infer<typeof finding>;

/** Where on the way to an address it broke. */
const layerOfReach = {
  NoAddress: 'dns',
  AddressForbidden: 'tcp',
  TcpFailed: 'tcp',
  TlsFailed: 'tls',
  HttpFailed: 'http',
} as const satisfies Record<ReachFault, ChainLink['link']>;
const layerOfType = {
  Admitted: 'name',
  RecordsApplied: 'dns',
  RecordsVerified: 'dns',
  CertificateIssued: 'tls',
  CertificateServed: 'tls',
  Reachable: 'tcp',
} as const satisfies Record<ConditionType, ChainLink['link']>;

/** A step that may not reach an address (of a name server, say) fails where its condition lies. */
function layerOf({ type, reason }: Condition): ChainLink['link'] {
  const fault = type === 'Reachable' ? reachFaults.find((each) => each === reason) : undefined;
  return fault === undefined ? layerOfType[type] : layerOfReach[fault];
}

/** Every false condition as a finding, one for each layer, the outermost first; a renewal that is overdue; an issuer that ends; each certificate that was not revoked. */
export function findingsOf(facts: EndpointFacts, conditions = conditionsOf(facts)): readonly EndpointFinding[] {
  const bad = new Set(chainOf(facts, conditions).flatMap(({ link, state }) => (state === 'bad' ? [link] : [])));
  const found: EndpointFinding[] = [];
  for (const condition of conditions) {
    const layer = layerOf(condition);
    const known = found.some((finding) => finding.layer === layer);
    if (condition.status === 'false' && bad.has(layer) && !known) found.push(toFinding(facts, condition, layer));
  }
  found.push(...facts.notRevoked.map(keptByIssuer));
  const overdue = overdueRenewal(facts);
  if (overdue && !found.some(({ layer }) => layer === 'tls')) found.push(overdue);
  const untaken = notTaken(facts);
  if (untaken && !found.some(({ layer }) => layer === 'tls')) found.push(untaken);
  const ending = endingIssuer(facts);
  if (ending && !found.some(({ layer }) => layer === 'tls')) found.push(ending);
  return found.sort((a, b) => chainLinks.indexOf(a.layer) - chainLinks.indexOf(b.layer));
}

/** What was seen is for whoever it concerns, at whatever step the work is meanwhile. */
const isSeen = (reason: string): boolean => [...dnsFaults, ...certificateFaults, ...reachFaults].some((fault) => fault === reason);

function toFinding(facts: EndpointFacts, condition: Condition, layer: ChainLink['link']): EndpointFinding {
  const { operation } = facts;
  const { reason } = condition;
  const fault = isFault(reason) ? mendedBy(facts, reason) : null;
  return {
    code: findingCodes.find((code) => code === reason) ?? 'Internal',
    layer,
    cause: condition.message,
    evidence: evidenceOf(facts, condition),
    // A condition that no observation made false is false by the error of a step.
    remedy: fault?.remedy ?? operation?.error?.remedy ?? errorTable.internal.remedy,
    since: condition.since,
    movesNext: isUnfinished(operation) && !isSeen(reason) ? operation.movesNext : (fault?.movesNext ?? whoeverAsked),
  };
}

/** What was brought is followed by what is brought, and by nothing else. */
const importsNext = {
  remedy:
    'Import the next certificate with “Import certificate” on the page of the endpoint, or over REST (POST /endpoints/{id}/certificate).',
  movesNext: theTeam,
};

/** A certificate for a key that is the requester's is installed by their team: nobody else has the key. */
function mendedBy({ revision, certificate }: EndpointFacts, reason: Fault): (typeof faults)[Fault] {
  if (revision.brought && (reason === 'Expired' || reason === 'Revoked')) return importsNext;
  const ofCertificate = reason === 'TlsFailed' || certificateFaults.some((fault) => fault === reason);
  if (!ofCertificate || !revision.keyIsTheirs || certificate === null) return faults[reason];
  return { remedy: 'Install the newest certificate where TLS ends, with the key that the CSR was made with.', movesNext: theTeam };
}

const texts = (values: readonly string[]): string => (values.length === 0 ? 'nothing' : values.join(' '));

function answeredWith(values: readonly string[], cut: DnsAnswer['cut']): string {
  if (cut === null) return texts(values);
  return cut.type === 'SOA' ? `${texts(values)} from ${cut.name}` : `${cut.name} ${cut.type} ${texts(cut.leadsTo)}`;
}

function evidenceOf(facts: EndpointFacts, condition: Condition): string {
  if (condition.type === 'RecordsVerified' || condition.type === 'RecordsApplied') {
    const lines = facts.dns.flatMap(({ source, observedAt, detail }) =>
      detail.answers.map(
        ({ type, rcode, values, cut, error }) =>
          `${source} ${type}: ${error ?? `${rcode} ${answeredWith(values, cut)}`} at ${secondOf(observedAt)}`,
      ),
    );
    if (lines.length > 0) return lines.join('; ');
  }
  if (condition.type === 'CertificateServed' || condition.type === 'Reachable') {
    const lines = facts.endpoint.map(({ source, observedAt, detail }) => {
      const tls =
        detail.tls === null
          ? ''
          : `, serial ${detail.tls.serial ?? 'none'}${detail.tls.verifyError === null ? '' : ` (${detail.tls.verifyError})`}`;
      const http = detail.httpStatus === null ? '' : `, status ${detail.httpStatus}`;
      return `${source} from a worker: ${detail.error ?? 'connected'}${tls}${http} at ${secondOf(observedAt)}`;
    });
    if (lines.length > 0) return lines.join('; ');
  }
  const { operation } = facts;
  if (operation?.error)
    return `${operation.error.code} at step ${failedStep(operation) ?? operation.step}, since ${secondOf(operation.since)}`;
  return facts.certificate === null
    ? condition.message
    : `Certificate ${facts.certificate.serial}, valid until ${secondOf(facts.certificate.notAfter)}`;
}

/** Told while the certificate is good: what is in the way of the ones after it takes months to mend. */
function endingIssuer(facts: EndpointFacts): EndpointFinding | null {
  const { certificate, signingError } = facts;
  if (signingError === null || certificate === null || wantsNothing(facts)) return null;
  const evidence = `Certificate ${certificate.serial}, valid until ${secondOf(certificate.notAfter)}`;
  return { code: 'IssuerEnds', layer: 'tls', cause: signingError, evidence, ...faults.IssuerEnds, since: null };
}

/** A certificate alone is installed by its team, who cannot have done so before they took its key. */
function notTaken(facts: EndpointFacts): EndpointFinding | null {
  const { certificate, revision } = facts;
  if (certificate === null || certificate.takenEnds === null || !revision.certificateOnly || wantsNothing(facts)) return null;
  const ends = `${certificate.takenEnds < facts.now ? 'ended' : 'ends'} on ${dayOf(certificate.takenEnds)}`;
  return {
    code: 'NotTaken',
    layer: 'tls',
    cause: `The certificate was renewed, and nobody has taken its private key yet; the one that was taken before ${ends}.`,
    evidence: `Certificate ${certificate.serial}, valid until ${secondOf(certificate.notAfter)}`,
    ...faults.NotTaken,
    since: certificate.issuedAt.toISOString(),
  };
}

const keptByIssuer = ({ serial, issuer, refusal, refusedAt, notAfter }: NotRevokedFact): EndpointFinding => ({
  code: 'NotRevoked',
  layer: 'tls',
  cause: `The certificate ${serial.slice(0, 8)}… is not revoked and stays valid until ${dayOf(notAfter)}. ${issuer} refused: ${refusal}`,
  evidence: `Certificate ${serial}, refused by ${issuer} at ${secondOf(refusedAt)}, valid until ${secondOf(notAfter)}`,
  ...faults.NotRevoked,
  since: refusedAt.toISOString(),
});

/** Where a renewal can have met an error. */
const certificateSteps: readonly string[] = ['certificate-issued', 'certificate-delivered', 'certificate-served'];

function overdueRenewal(facts: EndpointFacts): EndpointFinding | null {
  const { certificate, now } = facts;
  if (certificate === null || wantsNothing(facts) || !isInUse(certificate.state)) return null;
  const urgency = urgencyOf(certificate, now);
  if (urgency === 'none' || urgency === 'outage') return null;
  const { operation } = facts;
  const { remedy, movesNext } = facts.revision.brought ? importsNext : faults.RenewalOverdue;
  const undone = facts.revision.brought ? 'the next one was not imported' : 'was not renewed';
  const error = operation !== null && certificateSteps.includes(failedStep(operation) ?? '') ? operation.error : null;
  return {
    code: 'RenewalOverdue',
    layer: 'tls',
    cause: asSentence(
      `The certificate expires in ${leftInWords(certificate, now)} and ${undone}${error === null ? '' : `: ${error.message}`}`,
    ),
    evidence: `Certificate ${certificate.serial}, valid until ${secondOf(certificate.notAfter)}`,
    remedy: error?.remedy ?? remedy,
    since: null,
    movesNext: isUnfinished(facts.operation) ? facts.operation.movesNext : movesNext,
  };
}
