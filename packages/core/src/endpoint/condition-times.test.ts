import { describe, expect, it } from 'vitest';
import { type ConditionType, conditionsOf } from './conditions.ts';
import type { EndpointFacts } from './facts.ts';
import { certificate, dns, facts, failedAt, minutes, operation, presented, revision, seen, stuck } from './testing/facts.ts';

const conditionOf = (type: ConditionType, given: Partial<EndpointFacts>) => conditionsOf(facts(given)).find((each) => each.type === type);
const iso = (count: number) => minutes(count).toISOString();
const since = <Observed extends object>(observed: Observed, count: number) => ({ ...observed, since: minutes(count) });

const done = { step: 'records-applied', state: 'done' as const, at: iso(-7), message: '1 record set changed.' };
const behind = dns('ns2', { values: ['192.0.2.9'] });
const wrong = [dns('ns1'), behind];
const other = { tls: presented({ serial: 'FF' }) };
const untrusted = { tls: presented({ verifyError: 'self-signed' }) };

describe('the conditions', () => {
  it.each<readonly [string, ConditionType, Partial<EndpointFacts>, string | null]>([
    ['the approval', 'Admitted', {}, iso(-60)],
    ['the error', 'Admitted', { operation: stuck('admitted') }, iso(-1)],
    ['the end of the step', 'RecordsApplied', { operation: operation({ trail: [done] }) }, iso(-7)],
    ['the last server to follow', 'RecordsApplied', { dns: [since(dns('ns1'), -9), since(dns('ns2'), -8)] }, iso(-8)],
    ['the begin of the step', 'RecordsApplied', { dns: [], operation: operation() }, iso(-1)],
    ['the begin of an earlier step', 'RecordsApplied', { dns: [], operation: operation({ step: 'admitted' }) }, iso(-1)],
    ['never', 'RecordsApplied', { dns: [] }, null],
    ['the last server to agree', 'RecordsVerified', { dns: [since(dns('ns1'), -9), since(dns('ns2'), -8)] }, iso(-8)],
    ['the first server to go wrong', 'RecordsVerified', { dns: [since(dns(), -9), since(behind, -8), since(behind, -7)] }, iso(-8)],
    ['the only server to go wrong', 'RecordsVerified', { dns: [since(dns(), -9), since(behind, -8)] }, iso(-8)],
    ['the only server to agree', 'RecordsVerified', { dns: [since(dns(), -9)] }, iso(-9)],
    ['the issue', 'CertificateIssued', {}, iso(-50)],
    ['the expiry', 'CertificateIssued', { certificate: certificate({ notAfter: minutes(-3) }) }, iso(-3)],
    ['never (revoked)', 'CertificateIssued', { certificate: certificate({ state: 'revoked' }) }, null],
    ['the approval (not needed)', 'CertificateIssued', { revision: { ...revision, usesTls: false } }, iso(-60)],
    ['never (retired)', 'CertificateIssued', { state: 'retired' }, null],
    ['the last address to serve it', 'CertificateServed', { endpoint: [since(seen(), -9), since(seen(), -8)] }, iso(-8)],
    [
      'the first address to serve another one',
      'CertificateServed',
      { endpoint: [since(seen(untrusted), -9), since(seen(other), -8), since(seen(other), -7)] },
      iso(-8),
    ],
    [
      'the first address that was asked in vain',
      'CertificateServed',
      { endpoint: [since(seen(), -7), since(seen(failedAt('tcp')), -8)] },
      iso(-8),
    ],
    ['the last address to answer', 'Reachable', { endpoint: [since(seen(), -9), since(seen(), -8)] }, iso(-8)],
    [
      'the first address to fail, in whatever layer',
      'Reachable',
      { endpoint: [since(seen(), -9), since(seen(failedAt('http')), -8), since(seen(failedAt('tcp')), -7)] },
      iso(-8),
    ],
  ])('hold since %s (%s)', (_, type, given, expected) => expect(conditionOf(type, given)?.since).toBe(expected));

  it.each<readonly [string, Partial<EndpointFacts>, string | null]>([
    ['with the next try of the work under way', { dns: wrong, operation: operation() }, iso(1)],
    ['at once where that try has no time yet', { dns: wrong, operation: operation({ nextAttempt: null }) }, null],
    ['with the next look where the work is over', { dns: wrong, operation: operation({ state: 'failed' }) }, iso(10)],
    ['with the next look where there is no work', { dns: wrong }, iso(10)],
    ['never where nobody will look', { dns: wrong, nextCheckAt: null }, null],
    ['never where they are true', { operation: operation() }, null],
  ])('may change %s', (_, given, expected) => expect(conditionOf('RecordsVerified', given)?.nextAttempt).toBe(expected));
});
