import { HostmasterError } from '@hostmaster/core/errors';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { runOperation } from '@hostmaster/usecases/operation/run';
import { getRequest } from '@hostmaster/usecases/request/get';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
}, 60_000);
afterAll(() => world.close());

test('a row that another worker wrote at the same moment costs a try, never the request', async () => {
  const asked = await world.ask('collides.dev.example.test');
  const { id } = await world.db.operation.findFirstOrThrow({ where: { requestId: asked.id } });
  const collides: WorkerCtx = {
    ...world.worker,
    keys: {
      ...world.worker.keys,
      generate: () => Promise.reject(new HostmasterError('already-exists', 'Something with the same name exists already.')),
    },
  };
  expect(await runOperation(collides, { operationId: id })).toMatchObject({ state: 'waiting' });
  await world.db.operation.update({ where: { id }, data: { nextAttemptAt: null } });
  await world.runDue();
  expect(await getRequest(await world.as('app'), { id: asked.id })).toMatchObject({ state: 'applied' });
});
