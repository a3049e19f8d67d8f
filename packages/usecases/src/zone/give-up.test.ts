import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDueZoneSyncs } from '../sweep/due-zones.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { giveUpZone } from './give-up.ts';
import { removeZone } from './remove.ts';
import { rereadZone } from './reread.ts';
import { testZone } from './test-connection.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
}, 240_000);
afterAll(() => world.close());

it('a zone that is gone from its servers is given up: its names are retired without them, and it can be removed', async () => {
  const name = 'orders.dev.example.test';
  await world.ask(name);
  await world.runDue();
  expect((await world.view(name)).state).toBe('live');
  const zone = await world.db.zone.findFirstOrThrow();
  const platform = await world.as('platform');
  await expect(giveUpZone(await world.as('app'), zone)).rejects.toMatchObject({ code: 'forbidden' });

  world.secondStands();
  await world.send('retire', name);
  await world.runDue();
  expect((await world.view(name)).state, 'it waits for a server that does not answer').toBe('retiring');
  await expect(removeZone(platform, zone)).rejects.toMatchObject({ code: 'in-use' });

  expect(await giveUpZone(platform, zone)).toMatchObject({ givenUpAt: world.clock.now().toISOString(), endpointCount: 1 });
  await expect(giveUpZone(platform, zone)).rejects.toMatchObject({ code: 'conflict' });
  await world.runLater();
  expect((await world.view(name)).state).toBe('retired');
  expect(await world.db.certificate.count({ where: { state: 'revoked' } })).toBe(1);

  world.clock.advance(3_600_000);
  expect(await startDueZoneSyncs(world.worker, 10), 'nothing is read there').toBe(0);
  for (const asked of [() => rereadZone(platform, zone), () => testZone(platform, zone)])
    await expect(asked()).rejects.toMatchObject({ code: 'conflict' });
  await expect(world.ask('new.dev.example.test')).rejects.toMatchObject({ violations: [{ rule: 'zone-read' }] });
  const event = await world.db.auditEvent.findFirstOrThrow({ where: { action: 'zone.give-up' } });
  expect(event).toMatchObject({ subject: 'example.test', detail: { endpoints: 1 } });
  await removeZone(platform, zone);
  expect(await world.db.zone.count()).toBe(0);
}, 240_000);
