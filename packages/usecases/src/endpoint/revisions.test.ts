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

it('a revision says how it stands, for which request it was made, and whether it takes that back', async () => {
  const { build, db } = harness;
  const team = await build.team();
  const ctx = harness.ctxFor(await build.member(team));
  const { id } = await build.endpoint({ hostname: 'a.example.test', team, zone: await build.zone({ team }) });
  const standing = async () =>
    (await listRevisions(ctx, { id })).rows.map(({ number, takesBack, standing: stands }) => ({ number, takesBack, stands }));
  expect(await standing()).toEqual([{ number: 1, takesBack: false, stands: 'in-force' }]);
  expect((await getEndpoint(ctx, { id })).takesBack).toBeNull();

  await build.revise(id, {});
  const request = await db.request.findFirstOrThrow({ where: { endpointId: id }, select: { id: true, number: true, state: true } });
  expect(await standing()).toEqual([
    { number: 2, takesBack: true, stands: 'underway' },
    { number: 1, takesBack: false, stands: 'in-force' },
  ]);
  expect((await listRevisions(ctx, { id })).rows[0]).toMatchObject({ request });
  expect(await getEndpoint(ctx, { id })).toMatchObject({
    takesBack: { id: request.id, number: request.number },
    conditions: expect.arrayContaining([expect.objectContaining({ type: 'Admitted', reason: 'TakenBack' })]),
  });

  await db.endpoint.update({ where: { id }, data: { revision: 1 } });
  expect(
    (await standing()).map(({ stands }) => stands),
    'the newest was given up before it was written',
  ).toEqual(['came-to-nothing', 'in-force']);
  await behindTheBack(db).endpointRevision.updateMany({ where: { endpointId: id }, data: { appliedAt: null } });
  await behindTheBack(db).endpoint.update({ where: { id }, data: { state: 'retired' } });
  expect(
    (await standing()).map(({ stands }) => stands),
    'a new name was given up before it was written',
  ).toEqual(['came-to-nothing', 'came-to-nothing']);
});
