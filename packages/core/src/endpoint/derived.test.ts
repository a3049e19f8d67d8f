import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chainLink, condition, finding } from '../contract/endpoint-view.ts';
import { endpointSteps, stepsOf } from '../operation/purpose.ts';
import { chainOf } from './chain.ts';
import { type ConditionType, conditionsOf } from './conditions.ts';
import type { EndpointFacts, OperationFact } from './facts.ts';
import { findingsOf } from './findings.ts';
import type { DnsAnswer, DnsObserved, EndpointObserved } from './observation.ts';
import { endpointStates } from './state.ts';
import { summaryOf } from './summary.ts';

const now = new Date('2026-11-20T12:00:00Z');
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
const hostname = 'orders.example.test';
const value = '192.0.2.10';

const answer = (more: Partial<DnsAnswer> = {}): DnsAnswer => ({
  type: 'A',
  expected: [value],
  expectedTtl: 60,
  server: 'ns1',
  rcode: 'NOERROR',
  authoritative: true,
  values: [value],
  ttl: 60,
  serial: 1,
  milliseconds: 1,
  error: null,
  ...more,
});
const dns = (source: string, ok = true, more: Partial<DnsAnswer> = {}): DnsObserved => ({
  source,
  ok,
  observedAt: minutes(-5),
  since: minutes(-5),
  detail: { address: '192.0.2.53:53', answers: [answer({ server: source, ...more })] },
});
const seen = (more: Partial<EndpointObserved['detail']> = {}, observedAt = minutes(-5)): EndpointObserved => ({
  source: `${value}:443`,
  ok: more.failedLayer === undefined,
  observedAt,
  since: observedAt,
  detail: {
    address: value,
    failedLayer: null,
    error: null,
    tcpMilliseconds: 1,
    tlsMilliseconds: 2,
    httpMilliseconds: 3,
    tls: { protocol: 'TLSv1.3', serial: '0A1B', fingerprint: null, notAfter: null, subjectAltNames: [], chainLength: 2, verifyError: null },
    httpStatus: 200,
    expectedSerial: '0A1B',
    ...more,
  },
});
const operation = (more: Partial<OperationFact> = {}): OperationFact => ({
  state: 'waiting',
  purpose: 'revision',
  steps: [...stepsOf('endpoint', 'revision')],
  step: 'records-applied',
  reason: 'Waits for the name server.',
  movesNext: 'the name servers',
  error: null,
  trail: [],
  since: minutes(-1),
  nextAttempt: minutes(1),
  ...more,
});
const refused = { code: 'dns-refused', message: 'ns1 refused the update.', remedy: 'Check the key.' };
const facts = (more: Partial<EndpointFacts> = {}): EndpointFacts => ({
  hostname,
  state: 'live',
  revision: { number: 2, approvedAt: minutes(-60), recordSets: [{ name: hostname, type: 'A', ttl: 60, values: [value] }], usesTls: true },
  operation: null,
  dns: [dns('ns1'), dns('ns2')],
  endpoint: [seen()],
  certificate: {
    serial: 'A1B',
    state: 'served',
    notBefore: minutes(-120),
    notAfter: new Date(now.getTime() + 80 * 86_400_000),
    issuedAt: minutes(-50),
  },
  nextCheckAt: minutes(10),
  now,
  ...more,
});
const statuses = (of: EndpointFacts) => conditionsOf(of).map(({ status }) => status);
const shapes = (of: EndpointFacts) =>
  chainOf(of)
    .map(({ state }) => state)
    .join(' ');
const find = (of: EndpointFacts, type: ConditionType) => conditionsOf(of).find((each) => each.type === type);
const without = { ...facts().revision, usesTls: false };

const noTls = {
  protocol: 'TLSv1.3',
  serial: null,
  fingerprint: null,
  notAfter: null,
  subjectAltNames: [],
  chainLength: 1,
  verifyError: null,
};
const expired = { serial: 'A1B', state: 'served' as const, notBefore: minutes(-99_999), notAfter: minutes(-1), issuedAt: minutes(-99_999) };

describe('an endpoint', () => {
  it('that was seen as approved in every layer is live, and nothing is found', () => {
    expect(statuses(facts())).toEqual(['true', 'true', 'true', 'true', 'true', 'true']);
    expect(shapes(facts())).toBe('ok ok ok ok ok');
    expect(findingsOf(facts())).toEqual([]);
    expect(summaryOf(facts())).toBe('Live');
  });

  it('that nobody looked at yet is live in nothing but its approval', () => {
    const fresh = facts({ state: 'pending', dns: [], endpoint: [], certificate: null, operation: operation() });
    expect(statuses(fresh)).toEqual(['true', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown']);
    expect(shapes(fresh)).toBe('ok wait wait wait wait');
    expect(summaryOf(fresh)).toBe('Waits for the name server.');
    expect(find(fresh, 'RecordsApplied')).toMatchObject({ reason: 'InProgress', nextAttempt: minutes(1).toISOString() });
  });

  it.each([
    [
      'one server disagrees',
      { dns: [dns('ns1'), dns('ns2', false, { values: ['192.0.2.9'] })] },
      'ok bad ok ok ok',
      'dns',
      /1 of 2 servers agree: ns2 answers A 192.0.2.9/,
    ],
    [
      'one server is silent',
      { dns: [dns('ns1', false, { rcode: null, values: [], error: 'timeout' })] },
      'ok bad ok ok ok',
      'dns',
      /ns1 does not answer/,
    ],
    ['one server answers another TTL', { dns: [dns('ns1', false, { ttl: 5 })] }, 'ok bad ok ok ok', 'dns', /another TTL/],
    [
      'nothing listens',
      { endpoint: [seen({ failedLayer: 'tcp', error: 'connection refused', tls: null, httpStatus: null })] },
      'ok ok bad none none',
      'tcp',
      /refused/,
    ],
    [
      'TLS fails',
      { endpoint: [seen({ failedLayer: 'tls', error: 'handshake failed', tls: null, httpStatus: null })] },
      'ok ok ok bad none',
      'tls',
      /handshake/,
    ],
    [
      'the service fails',
      { endpoint: [seen({ failedLayer: 'http', error: 'status 503', httpStatus: 503 })] },
      'ok ok ok ok bad',
      'http',
      /503/,
    ],
    [
      'another certificate is served',
      { endpoint: [seen({ tls: { ...noTls, serial: 'FF' } })] },
      'ok ok ok bad ok',
      'tls',
      /serves the certificate FF/,
    ],
    [
      'the chain is not trusted',
      { endpoint: [seen({ tls: { ...noTls, serial: 'A1B', verifyError: 'self-signed' } })] },
      'ok ok ok bad ok',
      'tls',
      /not trusted/,
    ],
    ['the certificate expired', { certificate: { ...expired } }, 'ok ok ok bad ok', 'tls', /expired on/],
  ] as const)('where %s names the layer and a remedy', (_, more, shape, layer, cause) => {
    const broken = facts({ state: 'degraded', ...more } as Partial<EndpointFacts>);
    expect(shapes(broken)).toBe(shape);
    const [first] = findingsOf(broken);
    expect(first).toMatchObject({ layer });
    expect(first?.cause).toMatch(cause);
    expect(first?.remedy.length).toBeGreaterThan(10);
    expect(summaryOf(broken)).toBe(first?.cause);
  });

  it('whose step failed says the deepest error with its remedy, until the work is past', () => {
    const stuck = facts({ state: 'pending', dns: [], endpoint: [], operation: operation({ error: refused }) });
    expect(find(stuck, 'RecordsApplied')).toMatchObject({ status: 'false', reason: 'DnsRefused' });
    expect(findingsOf(stuck)).toMatchObject([
      { layer: 'dns', cause: refused.message, remedy: refused.remedy, movesNext: 'the name servers' },
    ]);
    expect(summaryOf({ ...stuck, operation: operation({ error: refused, state: 'failed' }) })).toBe(refused.message);
    expect(summaryOf(facts({ operation: operation({ error: refused, state: 'failed' }) }))).toBe('Live');
  });

  it('is not judged by what was seen before its newest revision was approved', () => {
    const revised = facts({
      state: 'pending',
      revision: {
        ...facts().revision,
        approvedAt: minutes(-1),
        recordSets: [{ name: hostname, type: 'A', ttl: 60, values: ['192.0.2.11'] }],
      },
      operation: operation(),
    });
    expect(statuses(revised).slice(1, 3)).toEqual(['unknown', 'unknown']);
    expect(find(revised, 'Reachable')?.status).toBe('unknown');
    expect(summaryOf(revised)).not.toBe('Live');
  });

  it('waits for servers that follow, as long as the work on it goes on without an error', () => {
    const following = { state: 'pending' as const, dns: [dns('ns1'), dns('ns2', false, { values: [] })] };
    expect(shapes(facts({ ...following, operation: operation({ step: 'records-verified' }) }))).toMatch(/^ok wait/);
    expect(shapes(facts(following))).toMatch(/^ok bad/);
  });

  it('without TLS needs no certificate, and one that goes is not asked any more', () => {
    expect(shapes(facts({ revision: without, certificate: null, endpoint: [seen({ tls: null })] }))).toBe('ok ok ok none ok');
    const going = facts({
      state: 'retiring',
      revision: { ...without, recordSets: [] },
      dns: [dns('ns1', true, { expected: [], expectedTtl: null, values: [] })],
    });
    expect(shapes(going)).toBe('ok ok none none none');
    expect(summaryOf({ ...going, state: 'retired' })).toBe('Retired');
  });

  it('whose renewal is overdue says so while it still works', () => {
    const ending = {
      serial: 'A1B',
      state: 'served' as const,
      notBefore: minutes(-60 * 24 * 88),
      notAfter: minutes(60 * 24 * 2),
      issuedAt: minutes(-60 * 24 * 88),
    };
    expect(findingsOf(facts({ certificate: ending }))).toMatchObject([{ layer: 'tls', cause: expect.stringContaining('2 days') }]);
  });

  it('always has its six conditions, five links and a sentence, and calls nothing live that is not', () => {
    const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
    const anyFacts = fc.record({
      state: fc.constantFrom(...endpointStates),
      operation: maybe(
        fc.record({
          state: fc.constantFrom(
            'pending' as const,
            'running' as const,
            'waiting' as const,
            'succeeded' as const,
            'failed' as const,
            'superseded' as const,
          ),
          step: fc.constantFrom(...endpointSteps),
          error: maybe(fc.constant(refused)),
        }),
      ),
      dns: fc.array(
        fc.record({
          ok: fc.boolean(),
          values: fc.constantFrom([value], ['192.0.2.9'], []),
          rcode: fc.constantFrom('NOERROR', 'REFUSED', null),
        }),
        { maxLength: 3 },
      ),
      endpoint: fc.array(
        fc.record({
          failedLayer: maybe(fc.constantFrom('guard' as const, 'tcp' as const, 'tls' as const, 'http' as const)),
          age: fc.constantFrom(-5, -90),
        }),
        { maxLength: 2 },
      ),
      certificate: maybe(fc.constantFrom('ordered' as const, 'issued' as const, 'served' as const)),
      usesTls: fc.boolean(),
    });
    fc.assert(
      fc.property(anyFacts, (any) => {
        const made = facts({
          state: any.state,
          revision: { ...facts().revision, usesTls: any.usesTls },
          operation: any.operation === null ? null : operation(any.operation),
          dns: any.dns.map(({ ok, ...more }, index) => dns(`ns${index}`, ok, more)),
          endpoint: any.endpoint.map(({ failedLayer, age }) =>
            seen({ failedLayer, tls: failedLayer === null || failedLayer === 'http' ? seen().detail.tls : null }, minutes(age)),
          ),
          certificate: any.certificate === null ? null : { ...expired, notAfter: minutes(9999), state: any.certificate },
        });
        const conditions = conditionsOf(made);
        expect(z.array(condition).length(6).safeParse(conditions).success).toBe(true);
        expect(z.array(chainLink).length(5).safeParse(chainOf(made)).success).toBe(true);
        const findings = findingsOf(made, conditions);
        expect(z.array(finding).safeParse(findings).success).toBe(true);
        expect(summaryOf(made).length).toBeGreaterThan(3);
        expect(chainOf(made).flatMap(({ link, state }) => (state === 'bad' ? [link] : []))).toEqual(
          findings.map(({ layer }) => layer).filter((layer) => chainOf(made).some((each) => each.link === layer && each.state === 'bad')),
        );
        if (summaryOf(made) === 'Live') expect(made.state).toBe('live');
      }),
      { numRuns: 500 },
    );
  });
});
