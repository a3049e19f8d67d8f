import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { recheckEndpoint } from './recheck.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

it.each([
  ['live', 'look'],
  ['degraded', 'look'],
  ['retiring', 'retirement'],
] as const)('"check now" of an endpoint that is %s begins a %s, so that no wait is without its way out', async (state, purpose) => {
  const { build } = harness;
  const team = await build.team();
  const endpoint = await build.endpoint({ hostname: `${state}.example.test`, team, zone: await build.zone({ team }), state });
  expect(await recheckEndpoint(harness.ctxFor(await build.member(team)), { id: endpoint.id })).toMatchObject({ purpose, state: 'pending' });
});

it('"check now" is limited for one endpoint and for one team, and says for how long', async () => {
  const { build } = harness;
  const [team, other] = [await build.team(), await build.team()];
  const zone = await build.zone({ team });
  const endpoints = [];
  for (let at = 0; at < 7; at += 1)
    endpoints.push(await build.endpoint({ hostname: `limited-${at}.example.test`, team, zone, state: 'live' }));
  const elsewhere = await build.endpoint({ hostname: 'elsewhere.example.test', team: other, zone, state: 'live' });
  const ctx = harness.ctxFor(await build.member(team));
  const retryAfter = expect.any(Number);
  for (const [at, { id }] of endpoints.entries()) {
    if (at === 6) break;
    for (let checks = 0; checks < 10; checks += 1) await recheckEndpoint(ctx, { id });
    if (at === 0) await expect(recheckEndpoint(ctx, { id }), 'of one endpoint').rejects.toMatchObject({ code: 'rate-limited', retryAfter });
  }
  const last = { id: endpoints[6]?.id ?? '' };
  await expect(recheckEndpoint(ctx, last), 'of the team').rejects.toMatchObject({ code: 'rate-limited', retryAfter });
  const others = harness.ctxFor(await build.member(other));
  await expect(recheckEndpoint(others, { id: elsewhere.id }), 'of another team').resolves.toBeDefined();
  harness.clock.advance(60_000);
  await expect(recheckEndpoint(ctx, last)).resolves.toBeDefined();
});
