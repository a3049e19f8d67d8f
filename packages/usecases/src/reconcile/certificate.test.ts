import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRequest } from '../request/create.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());

test('an endpoint that gives TLS up stops serving its certificate, and nobody renews it any more', async () => {
  const hostname = 'plain.dev.example.test';
  await world.ask(hostname);
  await world.runDue();
  const issued = await world.db.certificate.findFirstOrThrow({ where: { names: { has: hostname } } });
  expect(world.servedSerial(hostname)).toBe(issued.serial);

  const contract = endpointContract.parse({
    hostname,
    team: 'order-platform',
    target: { addresses: ['127.0.0.1'] },
    tls: { termination: 'none' },
  });
  await createRequest(await world.as('app'), { kind: 'change', contract });
  await world.runDue();
  expect(world.servedSerial(hostname)).not.toBe(issued.serial);
  expect(await world.db.certificate.findUniqueOrThrow({ where: { id: issued.id } })).toMatchObject({ state: 'superseded' });

  // Whatever becomes of the endpoint itself: its work is over, and time passes.
  await behindTheBack(world.db).operation.updateMany({
    where: { state: { in: ['pending', 'running', 'waiting'] } },
    data: { state: 'superseded' },
  });
  const ended = { db: world.db, clock: { now: () => issued.notAfter } };
  expect(await startDueRenewals(ended, 10)).toBe(0);
});
