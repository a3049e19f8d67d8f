import { systemClock } from '@hostmaster/core/clock';
import { day } from '@hostmaster/core/duration';
import { issuerConformance } from '@hostmaster/core/pki/issuer-conformance';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { everyAction, type FakeAcm, startFakeAcm } from '../../testing/acm/fake-acm.ts';
import { aliasesInMemory, obtain, openAcm, orderOf, settingsOf, signal, turn } from '../../testing/acm/ground.ts';
import { createTestCa } from '../../testing/test-ca.ts';
import { acm } from './acm.ts';

const dns = aliasesInMemory();
const { proofs } = dns;
let fake: FakeAcm;
beforeAll(async () => {
  fake = await startFakeAcm({ suffixes: ['example.test'], resolve: dns.resolve });
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.allow(everyAction);
  fake.behave(null);
});

const own = await startFakeAcm({ suffixes: ['example.test'], resolve: dns.resolve });
afterAll(() => own.close());
issuerConformance(
  { describe, it, expect },
  acm,
  async () => ({
    issuer: openAcm(own, { proofs }),
    root: own.certificates.root,
    permittedSuffix: 'example.test',
    foreignSuffix: 'example.com',
    now: () => systemClock.now(),
  }),
  async () => ({ ...settingsOf(own) }),
);

const requestsSince = (from: number) => fake.asked.slice(from).filter(({ action }) => action === 'acm:RequestCertificate');

describe('an order', () => {
  it('is one request with the tag of the order and of the settings, and waits in the words of ACM', async () => {
    const [issuer, order, from] = [
      openAcm(fake, { proofs: { put: async () => null }, settings: { tags: 'owner=platform' } }),
      orderOf({ names: ['waits.example.test'] }),
      fake.asked.length,
    ];
    const stored = await turn(issuer, order, issuer.begin(order));
    expect(stored).toMatchObject({ outcome: 'pending', reference: null, retryAfterSeconds: 0 });
    if (stored.outcome === 'issued') throw new Error('signed at once');
    const requested = await turn(issuer, order, stored.resume);
    if (requested.outcome === 'issued') throw new Error('signed at once');
    expect(requested.reference).toMatch(/^arn:aws:acm:eu-central-1:123456789012:certificate\//);
    const waits = await turn(issuer, order, requested.resume);
    expect(waits).toMatchObject({ message: expect.stringContaining('PENDING_VALIDATION of waits.example.test'), movesNext: 'the issuer' });
    expect(requestsSince(from)).toEqual([
      {
        action: 'acm:RequestCertificate',
        input: {
          DomainName: 'waits.example.test',
          ValidationMethod: 'DNS',
          IdempotencyToken: expect.stringMatching(/^[0-9a-f]{32}$/),
          KeyAlgorithm: 'EC_prime256v1',
          Tags: [
            { Key: 'hostmaster-order', Value: order.id },
            { Key: 'owner', Value: 'platform' },
          ],
        },
      },
    ]);
  });

  it('of a wildcard and the name above it has one alias', async () => {
    const asked: string[][] = [];
    const issuer = openAcm(fake, {
      proofs: {
        async put(id, wanted, within) {
          asked.push(wanted.map(({ name }) => name));
          return proofs.put(id, wanted, within);
        },
      },
    });
    await obtain(issuer, orderOf({ names: ['shop.example.test', '*.shop.example.test'] }));
    expect(new Set(asked.map((names) => names.length))).toEqual(new Set([1]));
  });
});

it.each([
  [198, 60, 45],
  [90, 30, 22.5],
])('a renewal of %d days is looked for from %d days before the end on, and is late with %d left', async (days, from, until) => {
  const notAfter = new Date('2027-06-01T00:00:00Z');
  const ca = await createTestCa();
  const { der } = await ca.leaf(['orders.example.test'], { notBefore: new Date(notAfter.getTime() - days * day), notAfter });
  const before = (left: number) => new Date(notAfter.getTime() - left * day);
  expect(await openAcm(fake, { proofs }).renewalWindow?.(der, signal())).toEqual({ start: before(from), end: before(until) });
});
