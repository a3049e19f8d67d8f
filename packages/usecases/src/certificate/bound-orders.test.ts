import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { boundOrders } from './bound-orders.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

describe('the orders of one lineage', () => {
  const minutesAgo = (minutes: number) => new Date(harness.clock.now().getTime() - minutes * 60_000);
  async function ordered(...minutes: readonly number[]): Promise<string> {
    const team = await harness.build.team();
    const zone = await harness.build.zone({ team });
    const endpoint = await harness.build.endpoint({ hostname: `n.${zone.apex}`, team, zone });
    for (const each of minutes) await harness.build.certificates([{ endpoint, notBefore: minutesAgo(each) }]);
    return endpoint.id;
  }
  const bound = async (endpointId: string, more: readonly string[] = [], hours: number | null = null) => {
    const { hostname } = await harness.db.endpoint.findUniqueOrThrow({ where: { id: endpointId } });
    return boundOrders(harness.worker, endpointId, [hostname, ...more], hours);
  };

  it('are five in an hour; the next one waits until the first of them is an hour old, in the name of whoever runs Hostmaster', async () => {
    const endpointId = await ordered(50, 40, 30, 20, 1);
    const told = { code: 'rate-limited', retryAfter: 600, movesNext: 'whoever runs Hostmaster' };
    await expect(bound(endpointId)).rejects.toMatchObject(told);
    await expect(bound(endpointId, ['another.example.test'])).resolves.toBeUndefined();
  });

  it('are those of that lineage alone, whoever else has the same names', async () => {
    const { hostname } = await harness.db.endpoint.findUniqueOrThrow({ where: { id: await ordered(50, 40, 30, 20, 1) } });
    await expect(boundOrders(harness.worker, await ordered(), [hostname], null)).resolves.toBeUndefined();
  });

  it('are twenty in a day', async () => {
    const hourly = Array.from({ length: 20 }, (_, index) => 61 * (index + 1));
    await expect(bound(await ordered(...hourly))).rejects.toMatchObject({ code: 'rate-limited', retryAfter: (24 * 60 - 61 * 20) * 60 });
  });

  it('are twice as many as renewals need where they are for hours', async () => {
    const halfHourly = Array.from({ length: 95 }, (_, index) => 15 * (index + 1));
    const endpointId = await ordered(...halfHourly);
    await expect(bound(endpointId, [], 1)).resolves.toBeUndefined();
    await expect(bound(endpointId, [], 24)).rejects.toMatchObject({ code: 'rate-limited' });
    await expect(bound(await ordered(...halfHourly, 1), [], 1)).rejects.toMatchObject({ code: 'rate-limited' });
  });

  it('that somebody asked to revoke do not count, so that another one takes their place at once', async () => {
    const endpointId = await ordered(50, 40, 30, 20, 1);
    const { id: certificateId } = await harness.db.certificate.findFirstOrThrow({ where: { endpointId } });
    const wish = { reason: 'keyCompromise', comment: 'Leaked.', askerId: 'x', askerName: 'x' };
    await harness.db.revocationRequest.create({ data: { certificateId, ...wish } });
    await expect(bound(endpointId)).resolves.toBeUndefined();
  });

  it('are ten in an hour however many of them somebody asked to revoke', async () => {
    const endpointId = await ordered(...Array.from({ length: 10 }, (_, index) => 5 * (index + 1)));
    const wish = { reason: 'superseded', comment: 'Again.', askerId: 'x', askerName: 'x' };
    for (const { id: certificateId } of await harness.db.certificate.findMany({ where: { endpointId } }))
      await harness.db.revocationRequest.create({ data: { certificateId, ...wish } });
    await expect(bound(endpointId)).rejects.toMatchObject({ code: 'rate-limited', retryAfter: 600 });
  });

  it('that followed changes are said to have, and nobody is asked to look', async () => {
    const endpointId = await ordered(50, 40, 30, 20, 1);
    const revised = async (minutes: number) => {
      await harness.build.revise(endpointId, {});
      const { number } = await harness.db.endpointRevision.findFirstOrThrow({ where: { endpointId }, orderBy: { number: 'desc' } });
      const data = { approvedAt: minutesAgo(minutes) };
      await behindTheBack(harness.db).endpointRevision.updateMany({ where: { endpointId, number }, data });
    };
    await behindTheBack(harness.db).endpointRevision.updateMany({ where: { endpointId }, data: { approvedAt: minutesAgo(70) } });
    const told = (movesNext: string, message: string) => ({ movesNext, message: expect.stringContaining(message) });
    for (const minutes of [70, 11, 10]) await revised(minutes);
    await expect(bound(endpointId)).rejects.toMatchObject(told('whoever runs Hostmaster', 'which is more than a name can need'));
    await revised(9);
    await expect(bound(endpointId)).rejects.toMatchObject(told('hostmaster', 'since what it holds was changed 3 times'));
  });

  it('go on where there were fewer', async () => {
    await expect(bound(await ordered(70, 60, 40, 30, 20, 1))).resolves.toBeUndefined();
  });
});
