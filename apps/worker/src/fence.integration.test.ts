// A worker that slept through its lease wakes up with an old wish: the zone must not notice.

import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { runOperation } from '@hostmaster/usecases/operation/run';
import { createRequest } from '@hostmaster/usecases/request/create';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heldAt } from './testing/outside.ts';
import { createWorld, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
}, 60_000);
afterAll(() => world.close());

/** A worker that falls asleep before its first reading of the zone, until it is woken. */
function sleeper(): { ctx: WorkerCtx; asleep: Promise<void>; wake: () => void } {
  let wake = (): void => {};
  let fellAsleep = (): void => {};
  const woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const asleep = new Promise<void>((resolve) => {
    fellAsleep = resolve;
  });
  const ctx: WorkerCtx = {
    ...world.worker,
    dnsProvider: (connection) => {
      const provider = world.worker.dnsProvider(connection);
      return {
        ...provider,
        readName: async (name, signal) => {
          fellAsleep();
          await woken;
          return provider.readName(name, signal);
        },
      };
    },
  };
  return { ctx, asleep, wake };
}

const addressesAt = async (hostname: string) => (await heldAt(world, hostname)).flatMap(({ type, values }) => (type === 'A' ? values : []));
const change = async (hostname: string, kind: 'change' | 'retire', address = '127.0.0.1') =>
  createRequest(await world.as('app'), {
    kind,
    contract: endpointContract.parse({ hostname, team: 'order-platform', target: { addresses: [address] } }),
  });

test('a plan whose ground came back (A, B, A) is not written by the worker that slept through both', async () => {
  const hostname = 'again.dev.example.test';
  const asked = await world.ask(hostname);
  const old = sleeper();
  const { id } = await world.db.operation.findFirstOrThrow({ where: { requestId: asked.id } });
  const running = runOperation(old.ctx, { operationId: id });
  await old.asleep;
  await behindTheBack(world.db).operation.update({
    where: { id },
    data: { leasedUntil: new Date(0), state: 'waiting', nextAttemptAt: null },
  });
  await world.runDue();
  expect(await addressesAt(hostname)).toEqual(['127.0.0.1']);
  await change(hostname, 'retire');
  await world.runDue();
  expect(await addressesAt(hostname)).toEqual([]);
  old.wake();
  expect(await running).toEqual({ state: 'not-ours' });
  expect(await addressesAt(hostname)).toEqual([]);
});
