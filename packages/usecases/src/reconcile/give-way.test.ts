// An issuer that cannot be asked, or refuses, gives way to another one of the source that the contract names, and only to such a one.
import { minute } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import { hurryOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { patienceMilliseconds } from '../certificate/fallback.ts';
import type { WorkerCtx } from '../context.ts';
import { runOperation } from '../operation/run.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { endpointSubject } from './start.ts';

let world: Reconciling;
let lasting: CertificateIssuer;
beforeAll(async () => {
  world = await createReconciling();
  // The one that the world made by itself is asked last: the others are newer.
  const row = await world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } });
  lasting = await world.worker.issuer(row);
});
afterAll(() => world.close());

let n = 0;
const fresh = (): string => {
  n += 1;
  return `g${n}.dev.${zoneApex}`;
};

type Answer = 'signs' | HostmasterError;
let made = 0;
/** By name, and the name of each slug. */
let answers: Record<string, Answer>;
const nameOf = new Map<string, string>();
let asked: string[];
/** Connects issuers beside the one of the world, each newer than the one before. */
async function connect(said: Record<string, Answer>): Promise<void> {
  answers = said;
  asked = [];
  const { id: _, createdAt, ...row } = await world.db.issuer.findFirstOrThrow({ where: { slug: 'internal-ca-1' } });
  for (const [index, name] of Object.keys(said).entries()) {
    made += 1;
    const data = { ...row, settings: {}, slug: `ca-${made}`, name, createdAt: new Date(createdAt.getTime() + 1000 * (index + 1)) };
    nameOf.set(data.slug, name);
    await world.db.issuer.create({ data });
  }
}
afterEach(async () => {
  const where = { name: { in: Object.keys(answers) } };
  await world.db.issuer.updateMany({ where, data: { stoppedAt: world.clock.now() } });
});

const worker = (): WorkerCtx => ({
  ...world.worker,
  issuer: async (row) => {
    const name = nameOf.get(row.slug) ?? '';
    const answer = answers[name];
    if (answer === undefined) return world.worker.issuer(row);
    return {
      ...lasting,
      issue: async (...order) => {
        asked.push(name);
        if (answer !== 'signs') throw answer;
        return lasting.issue(...order);
      },
    };
  },
});
async function run(hostname: string, later = 0) {
  world.clock.advance(later);
  const subject = endpointSubject({ hostname, view: 'public' });
  await transact(world.db, (tx) => hurryOperation(tx, subject));
  const { id } = await world.db.operation.findFirstOrThrow({ where: { subject }, orderBy: { generation: 'desc' } });
  const { state } = await runOperation(worker(), { operationId: id });
  const { reason, error } = await world.db.operation.findFirstOrThrow({ where: { id } });
  return { state, reason, error };
}
const ordersOf = async (hostname: string) => {
  const rows = await world.db.certificateOrder.findMany({
    where: { endpoint: { hostname } },
    orderBy: { createdAt: 'asc' },
    include: { issuer: { select: { name: true } } },
  });
  return rows.map(({ state, issuer }) => `${issuer.name} ${state}`);
};
const away = new HostmasterError('issuer-unavailable', 'It does not answer.');

test('one that refuses gives way at once, and what it said is told', async () => {
  await connect({ second: 'signs', first: new HostmasterError('issuer-refused', 'first refused: policy.') });
  const hostname = fresh();
  await world.ask(hostname);
  expect(await run(hostname)).toMatchObject({ state: 'waiting', reason: 'first refused: policy. It is ordered from second next.' });
  expect(await run(hostname)).toMatchObject({ state: 'succeeded' });
  expect(await ordersOf(hostname)).toEqual(['first refused', 'second issued']);
});

test('one that cannot be asked is waited for a while, and gives way then; the next names are ordered from it again', async () => {
  await connect({ second: 'signs', first: away });
  const hostname = fresh();
  await world.ask(hostname);
  expect(await run(hostname)).toMatchObject({ state: 'waiting', error: { message: 'It does not answer.' } });
  expect(await run(hostname, patienceMilliseconds - minute)).toMatchObject({ state: 'waiting', error: { message: 'It does not answer.' } });
  expect(await run(hostname, minute)).toMatchObject({ reason: 'It does not answer. It is ordered from second next.', error: null });
  expect(await run(hostname)).toMatchObject({ state: 'succeeded' });
  expect(await ordersOf(hostname)).toEqual(['first abandoned', 'second issued']);
  const other = fresh();
  await world.ask(other);
  await run(other);
  expect(await ordersOf(other)).toEqual(['first open']);
});

test('one that takes no more for longer than it would be waited for gives way at once', async () => {
  await connect({ second: 'signs', first: new HostmasterError('rate-limited', 'Too many orders.', { retryAfter: 3600 }) });
  const hostname = fresh();
  await world.ask(hostname);
  await run(hostname);
  expect(await run(hostname)).toMatchObject({ state: 'succeeded' });
  expect(await ordersOf(hostname)).toEqual(['first abandoned', 'second issued']);
});

test('an outage counts from its beginning alone: what answered in between is waited for anew', async () => {
  await connect({ second: 'signs', first: away });
  const hostname = fresh();
  await world.ask(hostname);
  await run(hostname);
  await world.db.certificateOrder.updateMany({ where: { endpoint: { hostname } }, data: { unavailableSince: null } });
  expect(await run(hostname, patienceMilliseconds)).toMatchObject({ error: { message: 'It does not answer.' } });
  expect(await ordersOf(hostname)).toEqual(['first open']);
});

test('where all that may sign came to nothing, the error stands, and nobody is asked in turn for ever', async () => {
  const refusal = (who: string) => new HostmasterError('issuer-refused', `${who} refused.`);
  await connect({ second: refusal('second'), first: refusal('first'), third: refusal('third') });
  await world.db.issuer.updateMany({ where: { slug: 'internal-ca-1' }, data: { stoppedAt: world.clock.now() } });
  const hostname = fresh();
  await world.ask(hostname);
  await run(hostname);
  await run(hostname);
  expect(await run(hostname)).toMatchObject({ state: 'failed', error: { message: 'second refused.' } });
  expect(asked).toEqual(['third', 'first', 'second']);
  await world.db.issuer.updateMany({ where: { slug: 'internal-ca-1' }, data: { stoppedAt: null } });
});

test('an error that is not of the issuer changes nothing', async () => {
  await connect({ second: 'signs', first: new HostmasterError('dns-refused', 'The key may not write.') });
  const hostname = fresh();
  await world.ask(hostname);
  await run(hostname);
  await run(hostname, 10 * patienceMilliseconds);
  expect(await ordersOf(hostname)).toEqual(['first open']);
  expect(new Set(asked)).toEqual(new Set(['first']));
});
