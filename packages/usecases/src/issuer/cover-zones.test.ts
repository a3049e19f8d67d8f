import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { coverZones } from './cover-zones.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

it('no CA is made for a public suffix that an older version connected, and the zone says why', async () => {
  const { id } = await harness.build.zone({ apex: 'co.uk' });
  await coverZones(harness.worker);
  expect(await harness.db.zone.findUniqueOrThrow({ where: { id } })).toMatchObject({
    signingErrorCode: 'issuer-refused',
    signingError: expect.stringContaining('public suffix'),
  });
  expect(await harness.db.issuer.count()).toBe(0);
});
