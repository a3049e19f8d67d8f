import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { getEndpoint } from './get.ts';
import { listRevisions } from './revisions.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

it('a revision that takes a request back says so, and exactly what counts now is in force', async () => {
  const { build, db } = harness;
  const team = await build.team();
  const ctx = harness.ctxFor(await build.member(team));
  const { id } = await build.endpoint({ hostname: 'a.example.test', team, zone: await build.zone({ team }) });
  const standing = async () =>
    (await listRevisions(ctx, { id })).rows.map(({ number, takesBack, inForce }) => ({ number, takesBack, inForce }));
  expect(await standing()).toEqual([{ number: 1, takesBack: null, inForce: true }]);
  expect((await getEndpoint(ctx, { id })).takesBack).toBeNull();

  await build.revise(id, {});
  const request = await db.request.findFirstOrThrow({ where: { endpointId: id }, select: { id: true, number: true } });
  expect(await standing()).toEqual([
    { number: 2, takesBack: request, inForce: true },
    { number: 1, takesBack: null, inForce: false },
  ]);
  expect(await getEndpoint(ctx, { id })).toMatchObject({
    takesBack: request,
    conditions: expect.arrayContaining([expect.objectContaining({ type: 'Admitted', reason: 'TakenBack' })]),
  });

  await db.endpoint.update({ where: { id }, data: { revision: 1 } });
  expect(
    (await standing()).map(({ inForce }) => inForce),
    'the newest was given up before it was written',
  ).toEqual([false, true]);
  await behindTheBack(db).endpoint.update({ where: { id }, data: { state: 'retired' } });
  expect(
    (await standing()).map(({ inForce }) => inForce),
    'a new name was given up before it was written',
  ).toEqual([false, false]);
});
