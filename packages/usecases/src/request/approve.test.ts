import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { createRequest } from './create.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
  await harness.build.environments('dev');
});
afterAll(() => harness.close());

it('a change that was decided on a revision which is given up in the same moment is a conflict', async () => {
  const { db, build } = harness;
  const team = await build.team('orders');
  const zone = await build.zone({ apex: 'example.test', team });
  await build.grant({ team, suffix: 'dev.example.test' });
  const hostname = 'shop.dev.example.test';
  const endpoint = await build.endpoint({ hostname, team, zone });
  await db.zoneRecordSet.create({
    data: { zoneId: zone.id, name: hostname, type: 'A', ttl: 60, values: ['192.0.2.10'], observedAt: harness.clock.now() },
  });
  const ctx = harness.ctxFor(await build.member(team));
  const contract = endpointContract.parse({ hostname, team: team.slug, environment: 'dev', target: { addresses: ['192.0.2.11'] } });

  const { outcome } = await db.$transaction(async (tx) => {
    await tx.endpoint.update({ where: { id: endpoint.id }, data: { state: 'degraded', revision: 1, teamId: (await build.team()).id } });
    const asked = createRequest(ctx, { kind: 'change', contract }).then(
      () => 'applied',
      (error: { code?: string }) => error.code,
    );
    for (let waits = false; !waits; ) {
      const [row] = await db.$queryRaw<{ waits: boolean }[]>`
        SELECT count(*) > 0 AS waits FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      waits = row?.waits === true;
    }
    return { outcome: asked };
  });
  expect(await outcome).toBe('conflict');
  expect(await db.request.count({ where: { hostname, state: 'approved' } })).toBe(0);
});
