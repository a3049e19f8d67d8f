import { randomUUID } from 'node:crypto';
import { workforceOf } from '@hostmaster/core/operation/workforce';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Db, openDb } from './client.ts';
import { certificateMeans } from './policy-ground.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { noteHeartbeat, seenWorkers } from './worker-heartbeat.ts';

let ground: Ground;
let worker: Db;
let web: Db;
beforeAll(async () => {
  ground = await createGround();
  worker = openDb(ground.workerUrl);
  web = openDb(ground.webUrl, { acting: true });
});
afterAll(async () => {
  await Promise.all([worker.$disconnect(), web.$disconnect()]);
  await ground.close();
});

const beat = (id: string, pid: number, tlsProofs = false) => noteHeartbeat(worker, { id, host: 'host-1', pid, tlsProofs });
const seen = () => seenWorkers(web);
const fallSilent = (id: string) => ground.db.$executeRaw`
  UPDATE worker_heartbeat SET started_at = now() - interval '2 h', last_seen_at = now() - interval '1 h' WHERE id = ${id}::uuid`;

it('the portal sees a worker by what it noted of itself, and that it fell silent by the clock of the database', async () => {
  expect(await seen()).toEqual([]);
  const id = randomUUID();
  await beat(id, 41);
  expect(await seen()).toMatchObject([{ id, host: 'host-1', pid: 41 }]);
  expect(workforceOf(await seen(), [])).toEqual({ state: 'working' });

  await fallSilent(id);
  const [silent] = await seen();
  expect(silent?.secondsAgo).toBeGreaterThanOrEqual(3600);
  expect(workforceOf(await seen(), [])).toEqual({ state: 'silent', since: silent?.lastSeenAt });

  await beat(id, 41);
  expect(workforceOf(await seen(), []), 'and that it works again').toEqual({ state: 'working' });
  expect((await seen())[0]?.startedAt, 'though it began before').toEqual(silent?.startedAt);
});

it('a worker that works is seen before those that are gone', async () => {
  const [gone, here] = [randomUUID(), randomUUID()];
  await beat(gone, 42);
  await fallSilent(gone);
  await beat(here, 43);
  const ids = (await seen()).map(({ id }) => id);
  expect(ids.indexOf(here)).toBeLessThan(ids.indexOf(gone));
});

it('what ends TLS shows proofs of control where that is so at every worker that lives, by what they noted last; one that is gone is not asked', async () => {
  const shown = async () => (await certificateMeans(web)).tlsProofs;
  await ground.db.workerHeartbeat.deleteMany();
  expect(await shown()).toBe(false);
  const [one, other] = [randomUUID(), randomUUID()];
  await beat(one, 44, true);
  expect(await shown()).toBe(true);
  await beat(other, 45);
  expect(await shown()).toBe(false);
  await fallSilent(other);
  expect(await shown()).toBe(true);
  await beat(one, 44);
  expect(await shown()).toBe(false);
  await beat(one, 44, true);
  await fallSilent(one);
  await ground.db.workerHeartbeat.delete({ where: { id: other } });
  expect(await shown(), 'and while none lives, as it was').toBe(true);
});
