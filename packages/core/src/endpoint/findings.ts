// What is broken, in words for whoever is on call: which layer, why, what was seen, what mends it, who moves next.

import type { z } from 'zod';
import type { ChainLink, Condition, finding } from '../contract/endpoint-view.ts';
import { chainLinks } from '../contract/endpoint-view.ts';
import { errorTable } from '../error-table.ts';
import { daysLeft, urgencyOf } from '../pki/renewal.ts';
import { chainOf } from './chain.ts';
import { type ConditionType, conditionsOf } from './conditions.ts';
import { type EndpointFacts, isLeaving, isUnfinished } from './facts.ts';

export type Finding = z.infer<typeof finding>;

const layerOfReason: Readonly<Record<string, ChainLink['link']>> = {
  AddressForbidden: 'tcp',
  TcpFailed: 'tcp',
  TlsFailed: 'tls',
  HttpFailed: 'http',
};
const layerOfType = {
  Admitted: 'name',
  RecordsApplied: 'dns',
  RecordsVerified: 'dns',
  CertificateIssued: 'tls',
  CertificateServed: 'tls',
  Reachable: 'http',
} as const satisfies Record<ConditionType, ChainLink['link']>;

/** Remedies of what was observed; a failed step brings the remedy of its error. */
const remedies: Readonly<Record<string, string>> = {
  ServerUnreachable: 'Look at that name server: its address, its port, and the path to it.',
  ServerRefused: 'Look at the log of that name server; it may not serve the zone any more.',
  ServerNotAuthoritative: 'Serve the zone on that server, or take the server out of the list of the zone.',
  ServerDisagrees:
    'Wait for the transfer to that server, or look why it does not follow the primary. What somebody changed by hand is theirs to take back, or to ask for as a change.',
  TtlDiffers: 'Somebody changed the TTL in the zone: take it back there, or ask for the new one as a change.',
  Expired: 'Look why the renewal did not happen; “Check now” tries at once.',
  Revoked: 'Ask for the change again, so that a new certificate is issued.',
  OtherCertificateServed: 'Install the newest certificate where TLS ends, and reload the server there.',
  ChainNotTrusted: 'Serve the full chain, with the intermediate, and check the name on the certificate.',
  AddressForbidden: 'The owner of the zone may allow the range in the settings of the zone.',
  TcpFailed: 'Check that something listens on that address and port, and that the firewall lets users in.',
  TlsFailed: 'Check that TLS is set up on that port and offers TLS 1.2 or newer.',
  HttpFailed: 'Look at the service behind the name, and at the health path of the contract.',
};

/** Every false condition as a finding, one for each layer, the outermost first; and a renewal that is overdue. */
export function findingsOf(facts: EndpointFacts, conditions = conditionsOf(facts)): readonly Finding[] {
  const bad = new Set(chainOf(facts, conditions).flatMap(({ link, state }) => (state === 'bad' ? [link] : [])));
  const found: Finding[] = [];
  for (const condition of conditions) {
    const layer = layerOfReason[condition.reason] ?? layerOfType[condition.type];
    const known = found.some((finding) => finding.layer === layer);
    if (condition.status === 'false' && bad.has(layer) && !known) found.push(toFinding(facts, condition, layer));
  }
  const overdue = overdueRenewal(facts);
  if (overdue && !found.some(({ layer }) => layer === 'tls')) found.push(overdue);
  return found.sort((a, b) => chainLinks.indexOf(a.layer) - chainLinks.indexOf(b.layer));
}

function toFinding(facts: EndpointFacts, condition: Condition, layer: ChainLink['link']): Finding {
  const { operation } = facts;
  const fromStep = operation?.error !== null && operation?.error?.message === condition.message ? operation.error : null;
  return {
    layer,
    cause: condition.message,
    evidence: evidenceOf(facts, condition),
    remedy: fromStep?.remedy ?? remedies[condition.reason] ?? errorTable.internal.remedy,
    since: condition.since,
    movesNext: isUnfinished(operation) ? operation.movesNext : 'hostmaster',
  };
}

const texts = (values: readonly string[]): string => (values.length === 0 ? 'nothing' : values.join(' '));

function evidenceOf(facts: EndpointFacts, condition: Condition): string {
  if (condition.type === 'RecordsVerified' || condition.type === 'RecordsApplied') {
    const lines = facts.dns.flatMap(({ source, observedAt, detail }) =>
      detail.answers.map(
        ({ type, rcode, values, error }) => `${source} ${type}: ${error ?? `${rcode} ${texts(values)}`} at ${observedAt.toISOString()}`,
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
      return `${source}: ${detail.error ?? 'connected'}${tls}${http} at ${observedAt.toISOString()}`;
    });
    if (lines.length > 0) return lines.join('; ');
  }
  const { operation } = facts;
  if (operation?.error) return `${operation.error.code} at step ${operation.step}, since ${operation.since.toISOString()}`;
  return facts.certificate === null
    ? condition.message
    : `Certificate ${facts.certificate.serial}, valid until ${facts.certificate.notAfter.toISOString()}`;
}

function overdueRenewal(facts: EndpointFacts): Finding | null {
  const { certificate, now } = facts;
  if (certificate === null || isLeaving(facts) || !['issued', 'served'].includes(certificate.state)) return null;
  const urgency = urgencyOf(certificate, now);
  if (urgency === 'none' || urgency === 'outage') return null;
  const days = daysLeft(certificate, now);
  const error = facts.operation?.error ?? null;
  return {
    layer: 'tls',
    cause: `The certificate expires in ${days} day${days === 1 ? '' : 's'} and was not renewed${error === null ? '' : `: ${error.message}`}.`,
    evidence: `Certificate ${certificate.serial}, valid until ${certificate.notAfter.toISOString()}`,
    remedy: error?.remedy ?? 'Look at the issuer; “Check now” tries the renewal at once.',
    since: null,
    movesNext: isUnfinished(facts.operation) ? facts.operation.movesNext : 'hostmaster',
  };
}
