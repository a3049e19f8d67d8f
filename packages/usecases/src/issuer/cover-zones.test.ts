import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemActor } from '../actor.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { coverZones } from './cover-zones.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

it('no CA is made for a public suffix that an older version connected, and the zone says why', async () => {
  const { id } = await harness.build.zone({ apex: 'co.uk' });
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const issuer = () => Promise.reject(new Error('no CA is opened for it'));
  await coverZones({ ...harness.worker, actor: systemActor, issuer, log });
  expect(await harness.db.zone.findUniqueOrThrow({ where: { id } })).toMatchObject({
    signingErrorCode: 'issuer-refused',
    signingError: expect.stringContaining('public suffix'),
  });
  expect(await harness.db.issuer.count()).toBe(0);
});
