import { asksPerOwner, asksPerZone } from '@hostmaster/core/operation/limits';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { rereadZone } from './reread.ts';
import { testZone } from './test-connection.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

it('"test connection" and "read now" are limited together, for one zone and for the team that owns it, and say for how long', async () => {
  const { build } = harness;
  const [team, other] = [await build.team(), await build.team()];
  const ctx = harness.ctxFor(await build.platform());
  const tooMany = { code: 'rate-limited', retryAfter: expect.any(Number) };
  const zones = [];
  for (let at = 0; at <= asksPerOwner.limit / asksPerZone.limit; at += 1) zones.push(await build.zone({ team }));
  const last = zones.pop() ?? { id: '' };
  for (const zone of zones) {
    for (let asks = 0; asks < asksPerZone.limit; asks += 1) await (asks % 2 === 0 ? testZone(ctx, zone) : rereadZone(ctx, zone));
    await expect(testZone(ctx, zone), 'of one zone').rejects.toMatchObject(tooMany);
  }
  await expect(rereadZone(ctx, last), 'of the team').rejects.toMatchObject(tooMany);
  await expect(testZone(ctx, await build.zone({ team: other })), 'of another team').resolves.toBeDefined();
  harness.clock.advance(asksPerZone.windowSeconds * 1000);
  await expect(testZone(ctx, last)).resolves.toBeDefined();
});
