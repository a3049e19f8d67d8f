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
