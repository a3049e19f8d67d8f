import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chainLink, condition, conditionTypes, finding } from '../contract/endpoint-view.ts';
import { lanes } from '../operation/lane.ts';
import { endpointPurposes, endpointSteps } from '../operation/purpose.ts';
import { operationStates } from '../operation/state.ts';
import { certificateStates } from '../pki/certificate-state.ts';
import { chainOf } from './chain.ts';
import { type ConditionType, conditionsOf } from './conditions.ts';
import { type EndpointFacts, isPast, isUnfinished, wantsNothing } from './facts.ts';
import { findingsOf } from './findings.ts';
import { endpointStates } from './state.ts';
import { summaryOf } from './summary.ts';
import {
  address,
  certificate,
  days,
  dns,
  facts,
  failedAt,
  minutes,
  operation,
  presented,
  recordSet,
  refused,
  revision,
  seen,
  stuck,
} from './testing/facts.ts';

const statuses = (of: EndpointFacts) => conditionsOf(of).map(({ status }) => status);
const shapes = (of: EndpointFacts) =>
  chainOf(of)
    .map(({ state }) => state)
    .join(' ');
const find = (of: EndpointFacts, type: ConditionType) => conditionsOf(of).find((each) => each.type === type);
const without = { ...revision, usesTls: false };

const purposes = Object.keys(endpointPurposes) as (keyof typeof endpointPurposes)[];

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
      { dns: [dns('ns1'), dns('ns2', { values: ['192.0.2.9'] })] },
      'ok bad ok ok ok',
      'dns',
      /1 of 2 servers agree: ns2 answers A 192.0.2.9/,
    ],
    [
      'one server is silent',
      { dns: [dns('ns1', { rcode: null, values: [], error: 'timeout' })] },
      'ok bad ok ok ok',
      'dns',
      /ns1 does not answer/,
    ],
    ['one server answers another TTL', { dns: [dns('ns1', { ttl: 5 })] }, 'ok bad ok ok ok', 'dns', /another TTL/],
    ['nothing listens', { endpoint: [seen(failedAt('tcp', 'connection refused'))] }, 'ok ok bad none none', 'tcp', /refused/],
    ['TLS fails', { endpoint: [seen(failedAt('tls', 'handshake failed'))] }, 'ok ok ok bad none', 'tls', /handshake/],
    [
      'the service fails',
      { endpoint: [seen({ failedLayer: 'http', error: 'status 503', httpStatus: 503 })] },
      'ok ok ok ok bad',
      'http',
      /503/,
    ],
    [
      'another certificate is served',
      { endpoint: [seen({ tls: presented({ serial: 'FF' }) })] },
      'ok ok ok bad ok',
      'tls',
      /serves the certificate FF/,
    ],
    [
      'the chain is not trusted',
      { endpoint: [seen({ tls: presented({ verifyError: 'self-signed' }) })] },
      'ok ok ok bad ok',
      'tls',
      /not trusted/,
    ],
    ['the certificate expired', { certificate: certificate({ notAfter: minutes(-1) }) }, 'ok ok ok bad ok', 'tls', /expired on/],
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
    const halted = facts({ state: 'pending', dns: [], endpoint: [], operation: stuck('records-applied') });
    expect(find(halted, 'RecordsApplied')).toMatchObject({ status: 'false', reason: 'DnsRefused' });
    expect(findingsOf(halted)).toMatchObject([
      { layer: 'dns', cause: refused.message, remedy: refused.remedy, movesNext: 'the name servers' },
    ]);
    expect(summaryOf({ ...halted, operation: stuck('records-applied', { state: 'failed' }) })).toBe(refused.message);
    expect(summaryOf(facts({ operation: stuck('records-applied', { state: 'failed' }) }))).toBe('Live');
  });

  it('is not judged by what was seen before its newest revision was approved', () => {
    const revised = facts({
      state: 'pending',
      revision: { ...revision, approvedAt: minutes(-1), recordSets: [{ ...recordSet, values: ['192.0.2.11'] }] },
      operation: operation(),
    });
    expect(statuses(revised).slice(1, 3)).toEqual(['unknown', 'unknown']);
    expect(find(revised, 'Reachable')?.status).toBe('unknown');
    expect(summaryOf(revised)).not.toBe('Live');
  });

  it('waits a moment for servers that follow, whatever work on it does', () => {
    const following = (count: number) => ({
      state: 'pending' as const,
      dns: [dns('ns1'), { ...dns('ns2', { values: [] }), since: minutes(count) }],
    });
    for (const work of [null, operation({ step: 'records-verified' })]) {
      expect(shapes(facts({ ...following(-1), operation: work }))).toMatch(/^ok wait/);
      expect(shapes(facts({ ...following(-2), operation: work }))).toMatch(/^ok bad/);
    }
  });

  it('without TLS needs no certificate, and one that goes is not asked any more', () => {
    expect(shapes(facts({ revision: without, certificate: null, endpoint: [seen({ tls: null })] }))).toBe('ok ok ok none ok');
    const going = facts({
      state: 'retiring',
      revision: { ...without, retires: true, recordSets: [] },
      dns: [dns('ns1', { expected: [], expectedTtl: null, values: [] })],
    });
    expect(shapes(going)).toBe('ok ok none none none');
    expect(summaryOf({ ...going, state: 'retired' })).toBe('Retired');
  });

  it('whose renewal is overdue says so while it still works', () => {
    const ending = certificate({ notBefore: days(-88), notAfter: days(2), issuedAt: days(-88) });
    expect(findingsOf(facts({ certificate: ending }))).toMatchObject([{ layer: 'tls', cause: expect.stringContaining('2 days') }]);
  });

  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
  const anyFacts = fc.record({
    state: fc.constantFrom(...endpointStates),
    operation: maybe(
      fc.record({
        purpose: fc.constantFrom(...purposes),
        state: fc.constantFrom(...operationStates),
        step: fc.constantFrom(...endpointSteps),
        error: maybe(fc.constantFrom(...['dns-refused', 'address-forbidden', 'of-old'].map((code) => ({ ...refused, code })))),
      }),
    ),
    dns: fc.array(
      fc.record({
        values: fc.constantFrom([address], ['192.0.2.9'], []),
        rcode: fc.constantFrom('NOERROR', 'NXDOMAIN', 'REFUSED', null),
        expected: fc.constantFrom([address], ['192.0.2.9']),
        ttl: fc.constantFrom(60, 5, null),
      }),
      { maxLength: 3 },
    ),
    endpoint: fc.array(
      fc.record({
        failedLayer: maybe(fc.constantFrom(...(['guard', 'tcp', 'tls', 'http'] as const))),
        httpStatus: maybe(fc.constantFrom(200, 500)),
        error: maybe(fc.constantFrom('connection refused', 'The address may not be reached.')),
        tls: maybe(fc.constantFrom(presented(), presented({ serial: 'FF' }), presented({ verifyError: 'self-signed' }))),
        age: fc.constantFrom(-5, -90),
      }),
      { maxLength: 2 },
    ),
    certificate: maybe(
      fc.record({ state: fc.constantFrom(...certificateStates), notAfter: fc.constantFrom(minutes(-1), days(2), days(80)) }),
    ),
    usesTls: fc.boolean(),
  });
  const anything = anyFacts.map(({ dns: servers, endpoint, certificate: held, operation: work, state, usesTls }) =>
    facts({
      state,
      revision: { ...revision, usesTls },
      operation: work === null ? null : operation(work),
      dns: servers.map((more, index) => dns(`ns${index}`, more)),
      endpoint: endpoint.map(({ age, ...more }) => seen(more, minutes(age))),
      certificate: held === null ? null : certificate(held),
    }),
  );
  const always = (holds: (of: EndpointFacts) => void) => fc.assert(fc.property(anything, holds), { numRuns: 300 });

  it('always has its six conditions, five links and a sentence, with codes of the lists', () =>
    always((of) => {
      expect(z.array(condition).length(6).safeParse(conditionsOf(of)).success).toBe(true);
      expect(z.array(chainLink).length(5).safeParse(chainOf(of)).success).toBe(true);
      expect(z.array(finding).safeParse(findingsOf(of)).success).toBe(true);
      expect(summaryOf(of).length).toBeGreaterThan(3);
    }));

  it('says each condition, finding and remedy in whole sentences', () =>
    always((of) => {
      const found = findingsOf(of).flatMap(({ cause, remedy }) => [cause, remedy]);
      const messages = [...conditionsOf(of).map(({ message }) => message), ...found];
      expect(messages.filter((message) => !/^\S.*[^.]\.$/.test(message))).toEqual([]);
    }));

  it('has a finding for every broken link, and besides only a renewal that is overdue', () =>
    always((of) => {
      const bad = chainOf(of).flatMap(({ link, state }) => (state === 'bad' ? [link] : []));
      const found = findingsOf(of).flatMap(({ layer, code }) => (code === 'RenewalOverdue' ? [] : [layer]));
      expect(found).toEqual(bad);
    }));

  it('of which something is false for more than a moment has a finding', () =>
    always((of) => {
      const broken = conditionsOf(of).filter(({ status }) => status === 'false');
      expect(findingsOf(of).length).toBeGreaterThanOrEqual(Math.min(1, broken.length));
    }));

  it('has the same findings and links in every phase of the work on it, as long as its facts stay', () =>
    fc.assert(
      fc.property(
        anything,
        fc.constantFrom('pending', 'running', 'waiting'),
        fc.nat({ max: 5 }),
        fc.constantFrom(...lanes),
        (of, state, at, lane) => {
          const { operation: work } = of;
          if (!isUnfinished(work)) return;
          const step = work.steps[Math.min(at, work.steps.length - 1)] ?? work.step;
          const later = { ...of, operation: { ...work, state, step, lane, reason: 'Another step is done.' } };
          expect([findingsOf(later), shapes(later)]).toEqual([findingsOf(of), shapes(of)]);
        },
      ),
      { numRuns: 500 },
    ));

  const words = (type: string) => type.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
  /** The condition that says whether a step came to its end. */
  const toldBy = (step: string, { revision: { usesTls } }: EndpointFacts): ConditionType => {
    if (!usesTls && step.startsWith('certificate-')) return 'Reachable';
    if (step === 'given-back') return 'Admitted';
    if (step === 'certificate-delivered' || step === 'withdrawn') return 'CertificateServed';
    return conditionTypes.find((type) => words(type) === step) ?? 'Reachable';
  };
  it('whose work met an error that is not past has a finding, unless something was seen of what the step was for', () =>
    always((of) => {
      const { operation: work } = of;
      // A step that its purpose does not take is none that it could stand at.
      if (work === null || work.error === null || isPast(work, of.state) || !work.steps.includes(work.step)) return;
      // Work ends in the world: a name that leaves is not asked for any more, and only a retirement stands at its end.
      if (wantsNothing(of) !== (work.purpose === 'retirement')) return;
      const told = find(of, toldBy(work.step, of));
      if (told?.status === 'true' || told?.reason === 'NotReached') return;
      expect(findingsOf(of).length).toBeGreaterThan(0);
    }));

  it('that is a certificate alone is asked nothing, and told by its certificate', () => {
    const alone = { ...revision, certificateOnly: true, recordSets: [] };
    const of = (more: Partial<EndpointFacts> = {}) => facts({ revision: alone, dns: [], endpoint: [], ...more });
    expect(shapes(of())).toBe('ok none none ok none');
    expect(summaryOf(of())).toBe('Issued');
    expect(findingsOf(of())).toEqual([]);
    const waits = of({ state: 'pending', certificate: null, operation: operation({ state: 'running', step: 'certificate-issued' }) });
    expect(shapes(waits)).toBe('ok none none wait none');
    const failed = of({ state: 'pending', certificate: null, operation: stuck('certificate-issued') });
    expect(findingsOf(failed)).toMatchObject([{ layer: 'tls', cause: refused.message }]);
    // Where the name led before, its records are seen to go.
    expect(shapes(of({ operation: operation({ state: 'running', step: 'records-applied' }) }))).toBe('ok wait none ok none');
    expect(shapes(of({ state: 'pending', operation: stuck('records-verified') }))).toMatch(/^ok bad/);
    const past = operation({ state: 'failed', step: 'records-applied', error: refused });
    expect(shapes(of({ operation: past }))).toBe('ok none none ok none');
    // What stands there by somebody else's hand is no matter.
    expect(shapes(of({ dns: [dns('ns1', { expected: [], expectedTtl: null, values: ['192.0.2.9'] })] }))).toBe('ok none none ok none');
    expect(shapes(of({ state: 'retiring' }))).toMatch(/none none none$/);
  });

  it('that cannot be withdrawn says so', () => {
    const leaving = facts({
      state: 'retiring',
      revision: { ...without, retires: true, recordSets: [] },
      operation: stuck('withdrawn', { purpose: 'retirement' }),
    });
    expect(shapes(leaving)).toMatch(/none bad none$/);
    expect(findingsOf(leaving)).toMatchObject([{ layer: 'tls', cause: refused.message, remedy: refused.remedy }]);
    expect(summaryOf(leaving)).toBe(refused.message);
  });

  it('without TLS that nobody could look at says why', () => {
    const unseen = facts({ state: 'pending', revision: without, certificate: null, endpoint: [], operation: stuck('certificate-served') });
    expect(find(unseen, 'Reachable')).toMatchObject({ status: 'false', reason: 'DnsRefused', message: refused.message });
    expect(findingsOf(unseen)).toMatchObject([{ layer: 'tcp', cause: refused.message }]);
  });

  it('is called live only where it is', () =>
    always((of) => {
      if (summaryOf(of) === 'Live') expect([of.state, findingsOf(of)]).toEqual(['live', []]);
    }));
});
