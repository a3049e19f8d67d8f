// Nothing is ordered twice: whatever was lost on the way, an order comes to one certificate.
import { fixedClock } from '@hostmaster/core/clock';
import { hour, minute } from '@hostmaster/core/duration';
import type { Resume } from '@hostmaster/core/pki/issuer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeAcm, startFakeAcm } from '../../testing/acm/fake-acm.ts';
import { aliasesInMemory, failing, obtain, openAcm, orderOf, turn } from '../../testing/acm/ground.ts';

const clock = fixedClock(new Date('2026-12-01T12:00:00Z'));
const dns = aliasesInMemory();
const { proofs } = dns;
let fake: FakeAcm;
beforeAll(async () => {
  fake = await startFakeAcm({ suffixes: ['example.test'], resolve: dns.resolve, clock });
});
afterAll(() => fake.close());
beforeEach(() => fake.behave(null));

let n = 0;
const fresh = () => {
  n += 1;
  return orderOf({ names: [`o${n}.example.test`] });
};
const open = () => openAcm(fake, { proofs, clock });
const heldFor = (names: readonly string[]) => [...fake.certificates.all.values()].filter((one) => one.names[0] === names[0]);
/** What is stored before ACM is asked the first time. */
const stored = async (order: ReturnType<typeof orderOf>): Promise<Resume> => {
  const issuer = open();
  const progress = await turn(issuer, order, issuer.begin(order));
  if (progress.outcome === 'issued') throw new Error('signed without having been asked');
  return progress.resume;
};
/** The request reaches ACM, and its answer nobody. */
const losingAnswer = async (order: ReturnType<typeof orderOf>, resume: Resume) => {
  fake.behave((asked, answer) => (asked.action === 'acm:RequestCertificate' ? 'reset' : answer));
  expect((await failing(turn(open(), order, resume))).code).toBe('issuer-unavailable');
  fake.behave(null);
};

describe('a request whose answer was lost', () => {
  it('is known by its token within the hour, by whoever takes it up', async () => {
    const order = fresh();
    const resume = await stored(order);
    await losingAnswer(order, resume);
    clock.advance(50 * minute);
    await obtain(open(), order, resume);
    expect(heldFor(order.names)).toHaveLength(1);
  });

  it('is found by its tag after that, among those of others and with whatever key', async () => {
    const order = { ...fresh(), key: 'ecdsa-p384' as const };
    // Of another order, with the same names.
    await obtain(open(), { ...order, id: 'another' });
    const resume = await stored(order);
    await losingAnswer(order, resume);
    clock.advance(2 * hour);
    const went = await obtain(open(), order, resume);
    expect(heldFor(order.names)).toHaveLength(2);
    const own = heldFor(order.names).find(({ tags }) => tags.some(({ Value }) => Value === order.id));
    expect(went.resume).toMatchObject({ arn: own?.arn });
  });

  it('is found on whichever page of the list it stands', async () => {
    const order = fresh();
    const resume = await stored(order);
    await losingAnswer(order, resume);
    clock.advance(2 * hour);
    fake.behave((asked, answer) =>
      asked.action === 'acm:ListCertificates' && Object(asked.input).NextToken === undefined
        ? { ...answer, body: { CertificateSummaryList: [], NextToken: '0' } }
        : answer,
    );
    await obtain(open(), order, resume);
    expect(heldFor(order.names)).toHaveLength(1);
  });

  it('is made anew where what is found has come to nothing', async () => {
    const order = fresh();
    const resume = await stored(order);
    await losingAnswer(order, resume);
    for (const one of heldFor(order.names)) one.status = 'FAILED';
    clock.advance(2 * hour);
    await obtain(open(), order, resume);
    expect(heldFor(order.names).map(({ status }) => status)).toEqual(['FAILED', 'ISSUED']);
  });

  it('is made anew where none is found, under another token', async () => {
    const order = fresh();
    const resume = await stored(order);
    clock.advance(2 * hour);
    await obtain(open(), order, resume);
    expect(heldFor(order.names)).toHaveLength(1);
  });
});

describe('what ACM has under the ARN', () => {
  it('is asked for anew where it is gone, and waited for where it does not show yet', async () => {
    const order = fresh();
    const from = fake.asked.length;
    const { resume } = await obtain(open(), order);
    for (const { arn } of heldFor(order.names)) fake.certificates.all.delete(arn);
    expect(await turn(open(), order, resume)).toMatchObject({
      outcome: 'pending',
      message: 'corp-aws has the request, and does not show it yet.',
    });
    clock.advance(10 * minute);
    await obtain(open(), order, resume);
    expect(heldFor(order.names)).toHaveLength(1);
    // The one before is known by its token for an hour: another one is for another certificate.
    const requests = fake.asked.slice(from).filter(({ action }) => action === 'acm:RequestCertificate');
    expect([requests.length, new Set(requests.map(({ input }) => Object(input).IdempotencyToken)).size]).toEqual([2, 2]);
  });

  it.each([
    ['FAILED', 'CAA_ERROR', /the request is FAILED, CAA_ERROR: a CAA record does not let Amazon sign: add 0 issue "amazon\.com"/],
    ['FAILED', null, /the request is FAILED, ACM gives no reason/],
    ['VALIDATION_TIMED_OUT', null, /VALIDATION_TIMED_OUT: for 72 hours ACM did not see its CNAME/],
  ] as const)('is refused where it is %s with the reason %s', async (status, failure, words) => {
    const order = fresh();
    const { resume } = await obtain(open(), order);
    for (const one of heldFor(order.names)) Object.assign(one, { status, failure });
    expect(await failing(turn(open(), order, resume))).toMatchObject({ code: 'issuer-refused', message: expect.stringMatching(words) });
  });
});

describe('a renewal', () => {
  const renewed = async () => {
    const order = fresh();
    const { leaf } = await obtain(open(), order);
    const [one] = heldFor(order.names);
    if (one === undefined) throw new Error('nothing was ordered');
    return { order, one, next: { ...orderOf({ names: order.names }), replaces: leaf, replacesAs: one.arn } };
  };

  it('is what ACM puts under the ARN, and asks for nothing', async () => {
    const { order, one, next } = await renewed();
    const from = fake.asked.length;
    expect(await turn(open(), next, open().begin(next))).toMatchObject({ outcome: 'pending', reference: one.arn });
    one.inUseBy = ['arn:aws:cloudfront::123456789012:distribution/E1'];
    await fake.certificates.renew(one);
    expect(await turn(open(), next, open().begin(next))).toMatchObject({ outcome: 'issued', reference: one.arn });
    expect(heldFor(order.names)).toHaveLength(1);
    expect(fake.asked.slice(from).map(({ action }) => action)).not.toContain('acm:RequestCertificate');
  });

  it.each([
    ['other names', { names: ['other.example.test'] }],
    ['another kind of key', { key: 'rsa-2048' }],
    ['nothing that ACM knows', { replacesAs: undefined }],
  ] as const)('of %s is a request of its own', async (_, changes) => {
    const { next } = await renewed();
    const { replacesAs, ...rest } = { ...next, ...changes };
    const order = replacesAs === undefined ? rest : { ...rest, replacesAs };
    expect(open().begin(order)).toMatchObject({ arn: null, after: null });
  });

  it('of one that has expired is a request of its own', async () => {
    const { order, one, next } = await renewed();
    one.status = 'EXPIRED';
    await obtain(open(), next);
    expect(heldFor(order.names)).toHaveLength(2);
  });
});
