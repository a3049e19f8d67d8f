// A run goes as far as its lane does: what connects to where a name leads is done in a slot of the probes, and the slot of DNS and
// issuing is free meanwhile.
import type { Lane } from '@hostmaster/core/operation/lane';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { WorkerCtx } from '../context.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { type Taken, takeNext } from './take-next.ts';

let world: Reconciling;
let n = 0;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());
// Looks that nobody asked for are not what these are about.
beforeEach(() => world.db.endpoint.updateMany({ data: { nextCheckAt: null } }));

const room = { held: new Map(), share: 1, onlyFirst: false };
const take = async (lane: Lane, ctx: WorkerCtx = world.worker): Promise<Taken> => {
  const taken = await takeNext(ctx, lane, room);
  if (taken === null) throw new Error(`Nothing is due among the ${lane}.`);
  return taken;
};
const operationOf = (hostname: string) =>
  world.db.operation.findFirstOrThrow({ where: { request: { hostname } }, orderBy: { createdAt: 'desc' } });
const ask = async (): Promise<string> => {
  n += 1;
  const hostname = `taken-${n}.dev.${zoneApex}`;
  await world.ask(hostname);
  return hostname;
};

it('records and certificate are there before the slot is left, and the probes go on from there in the same try', async () => {
  const hostname = await ask();
  const work = await take('work');
  expect(work).toMatchObject({ again: false, teamId: (await world.db.team.findUniqueOrThrow({ where: { slug: 'order-platform' } })).id });
  expect(await work.run()).toEqual({ state: 'handed-over', lane: 'probes' });
  expect(await operationOf(hostname)).toMatchObject({
    state: 'waiting',
    lane: 'probes',
    step: 'certificate-served',
    reason: 'It is looked at from outside next.',
    movesNext: 'hostmaster',
    attempts: 0,
    leasedUntil: null,
  });
  expect(await world.db.request.findFirst({ where: { hostname } })).toMatchObject({ state: 'applied' });
  expect(world.servedSerial(hostname)).not.toBeNull();
  expect(await takeNext(world.worker, 'work', room)).toBeNull();

  const probe = await take('probes');
  expect(probe).toMatchObject({ again: false });
  expect(await probe.run()).toEqual({ state: 'succeeded' });
  expect(await operationOf(hostname)).toMatchObject({ state: 'succeeded', attempts: 1 });
  expect(await world.view(hostname)).toMatchObject({ state: 'live', summary: 'Live' });
});

it('the next try of what the probes did not find begins with the records again', async () => {
  const hostname = await ask();
  await (await take('work')).run();
  await world.destination.withdraw(hostname);
  expect(await (await take('probes')).run()).toMatchObject({ state: 'waiting' });
  const waiting = await operationOf(hostname);
  expect(waiting).toMatchObject({ state: 'waiting', lane: 'work', step: 'certificate-served', attempts: 1 });

  await world.db.operation.update({ where: { id: waiting.id }, data: { nextAttemptAt: null } });
  let asked = 0;
  const { prober } = world.worker;
  const counting: WorkerCtx = {
    ...world.worker,
    prober: {
      ...prober,
      askServers: (...input) => {
        asked += 1;
        return prober.askServers(...input);
      },
    },
  };
  const again = await take('work', counting);
  expect(again.again).toBe(true);
  expect(await again.run()).toMatchObject({ state: 'handed-over' });
  expect(asked).toBeGreaterThan(0);
  const handed = await operationOf(hostname);
  expect([handed.lane, handed.attempts], 'one try').toEqual(['probes', 1]);
  expect(handed.since, 'it has waited at the same step all the while').toEqual(waiting.since);
  expect(await (await take('probes')).run()).toEqual({ state: 'succeeded' });
});

it('a worker that dies among the probes is taken over there', async () => {
  const hostname = await ask();
  await (await take('work')).run();
  await take('probes');
  const { id } = await operationOf(hostname);
  expect(await takeNext(world.worker, 'probes', room)).toBeNull();
  await world.db.operation.update({ where: { id }, data: { leasedUntil: new Date(0) } });
  expect(await takeNext(world.worker, 'work', room)).toBeNull();
  expect(await (await take('probes')).run()).toEqual({ state: 'succeeded' });
});

it('what is not due, or is held by another worker, is not taken up', async () => {
  await ask();
  const both = await Promise.all([takeNext(world.worker, 'work', room), takeNext(world.worker, 'work', room)]);
  expect(both.filter((one) => one !== null)).toHaveLength(1);
});
