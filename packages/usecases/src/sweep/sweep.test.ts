import { randomUUID } from 'node:crypto';
import { type NewOperation, startOperation } from '@hostmaster/db/operation';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recheckEndpoint } from '../endpoint/recheck.ts';
import { keptDays } from '../idempotency/answer-once.ts';
import { endpointSubject } from '../reconcile/start.ts';
import { createHarness, type Harness, harnessStart } from '../testing/harness.ts';
import { startDueRenewals } from './due-renewals.ts';
import { startDueZoneSyncs } from './due-zones.ts';
import { purgeExpired } from './purge-expired.ts';

const day = 86_400_000;
const ago = (days: number) => new Date(harnessStart.getTime() - days * day);

let harness: Harness;
let team: { id: string; slug: string };
let zone: Awaited<ReturnType<Harness['build']['zone']>>;
beforeAll(async () => {
  harness = await createHarness();
  team = await harness.build.team('orders');
  zone = await harness.build.zone({ apex: 'example.test', team });
});
afterAll(() => harness.close());

/** An endpoint whose certificate has been due for renewal for the given days. */
async function due(hostname: string, days: number) {
  const endpoint = await harness.build.endpoint({ hostname, team, zone });
  await harness.build.certificates([{ endpoint, notBefore: ago(60 + days), notAfter: new Date(ago(60 + days).getTime() + 90 * day) }]);
  return endpoint;
}

const asked = ({ id, hostname }: { readonly id: string; readonly hostname: string }): NewOperation => ({
  kind: 'endpoint',
  purpose: 'revision',
  subject: endpointSubject({ hostname, view: 'public' }),
  reason: 'Approved.',
  endpointId: id,
  zoneId: zone.id,
});

/** Runs `late` while another transaction has begun work on the endpoint and has not committed it yet. */
async function besideApproval<T>(endpoint: Parameters<typeof asked>[0], late: () => Promise<T>): Promise<{ approved: string; result: T }> {
  const { db } = harness;
  const begun = await db.$transaction(async (tx) => {
    const id = (await startOperation(tx, asked(endpoint), harness.clock.now()))?.id ?? '';
    const running = late();
    for (let waits = false; !waits; ) {
      const [row] = await db.$queryRaw<{ waits: boolean }[]>`
        SELECT count(*) > 0 AS waits FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
      waits = row?.waits === true;
    }
    return { id, running };
  });
  return { approved: begun.id, result: await begun.running };
}

const stateOf = async (id: string) => (await harness.db.operation.findUniqueOrThrow({ where: { id } })).state;

it('a renewal that meets an approval in the same moment leaves the approved work alone', async () => {
  const endpoint = await due('renewed.example.test', 1);
  const { approved, result } = await besideApproval(endpoint, () => startDueRenewals(harness.worker, 10));
  expect(result).toBe(0);
  expect(await stateOf(approved)).toBe('pending');
});

it('"check now" that meets an approval in the same moment hurries the approved work and does not replace it', async () => {
  const endpoint = await harness.build.endpoint({ hostname: 'checked.example.test', team, zone });
  const ctx = harness.ctxFor(await harness.build.member(team));
  const { approved, result } = await besideApproval(endpoint, () => recheckEndpoint(ctx, { id: endpoint.id }));
  expect(result.id).toBe(approved);
  expect(await stateOf(approved)).toBe('pending');
});

it('certificates whose renewal is stuck do not keep others from theirs', async () => {
  const { db } = harness;
  const [waits, failed] = [await due('waits.example.test', 9), await due('failed.example.test', 8)];
  await db.$transaction((tx) => startOperation(tx, asked(waits), harness.clock.now()));
  const gaveUp = await db.$transaction((tx) => startOperation(tx, asked(failed), harness.clock.now()));
  await behindTheBack(db).operation.update({ where: { id: gaveUp?.id ?? '' }, data: { state: 'failed', finishedAt: harness.clock.now() } });
  const free = await due('free.example.test', 7);
  expect(await startDueRenewals(harness.worker, 1)).toBe(1);
  expect(await db.operation.count({ where: { endpointId: free.id, state: 'pending' } })).toBe(1);
});

it('zones that cannot be read do not keep others from being read, and are not begun again at every sweep', async () => {
  await harness.build.zone();
  await harness.build.zone();
  await harness.build.zone();
  await harness.db.zone.updateMany({ data: { syncedAt: null } });
  expect(await startDueZoneSyncs(harness.worker, 2)).toBe(2);
  expect(await startDueZoneSyncs(harness.worker, 2)).toBe(2);
  expect(await startDueZoneSyncs(harness.worker, 2)).toBe(0);
});

it('what is over is forgotten after its time, and nothing before', async () => {
  const { db } = harness;
  const { id: personId } = await harness.build.member(team);
  const link = { personId, purpose: 'reset' as const, createdById: personId };
  for (const early of [-0.01, 0.01]) {
    await db.session.create({ data: { personId, expiresAt: ago(30 - early) } });
    await db.passwordLink.create({ data: { ...link, hash: Buffer.from(randomUUID()), expiresAt: ago(30 - early) } });
    const answer = { actorId: personId, key: randomUUID(), fingerprint: Buffer.from('x'), createdAt: ago(keptDays - early) };
    await db.idempotencyKey.create({ data: answer });
    await db.rateLimit.create({ data: { key: `api:${personId}:${early}`, windowStart: ago(1 - early), count: 1 } });
  }
  await purgeExpired(harness.worker);
  const kept = await Promise.all([
    db.session.findMany({ where: { personId } }),
    db.passwordLink.findMany({ where: { personId } }),
    db.idempotencyKey.findMany({ where: { actorId: personId } }),
    db.rateLimit.findMany({ where: { key: { startsWith: `api:${personId}` } } }),
  ]);
  const [[session], [password], [answer], [counter]] = kept;
  expect(kept.map((rows) => rows.length)).toEqual([1, 1, 1, 1]);
  expect([session?.expiresAt, password?.expiresAt, answer?.createdAt, counter?.windowStart]).toEqual(
    [30, 30, keptDays, 1].map((days) => ago(days - 0.01)),
  );
});

it('a worker that was not seen for a day is forgotten, and none before', async () => {
  const [gone, silent] = [await harness.build.worker(ago(1.01)), await harness.build.worker(ago(0.99))];
  await purgeExpired(harness.worker);
  const kept = (await harness.db.workerHeartbeat.findMany()).map(({ id }) => id);
  expect([kept.includes(gone.id), kept.includes(silent.id)]).toEqual([false, true]);
});
