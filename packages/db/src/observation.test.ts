import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ObservationKind } from './generated/prisma/client.ts';
import { type NewObservation, saveObservations } from './observation.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { transact } from './transaction.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());
beforeEach(() => ground.db.observation.deleteMany());

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const seen = (source: string, ok: boolean, value = 'x'): NewObservation => ({ source, ok, detail: { value } });
const save = (second: number, observations: readonly NewObservation[], kind: ObservationKind = 'dns') =>
  transact(ground.db, (tx) => saveObservations(tx, ground.endpointId, kind, observations, at(second)));
const stored = async (kind: ObservationKind = 'dns') =>
  (await ground.db.observation.findMany({ where: { kind }, orderBy: { source: 'asc' } })).map(
    ({ source, ok, detail, observedAt, since }) => ({ source, ok, detail, observedAt, since }),
  );

it('keeps the newest answer of each source, and since when it has been good or bad', async () => {
  await save(1, [seen('ns1', true, 'old'), seen('ns2', true)]);
  await save(2, [seen('ns1', true, 'new'), seen('ns2', false)]);
  await save(3, [seen('ns1', true, 'new'), seen('ns2', false)]);
  expect(await stored()).toEqual([
    { source: 'ns1', ok: true, detail: { value: 'new' }, observedAt: at(3), since: at(1) },
    { source: 'ns2', ok: false, detail: { value: 'x' }, observedAt: at(3), since: at(2) },
  ]);
  await save(4, [seen('ns1', true), seen('ns2', true)]);
  expect((await stored())[1]).toMatchObject({ ok: true, since: at(4) });
});

it('forgets a source that is not asked any more, and asks it anew when it comes back', async () => {
  await save(1, [seen('ns1', true), seen('ns2', true)]);
  await save(2, [seen('ns1', true)]);
  expect((await stored()).map(({ source }) => source)).toEqual(['ns1']);
  await save(3, [seen('ns1', true), seen('ns2', true)]);
  expect((await stored())[1]).toMatchObject({ since: at(3) });
});

it('leaves the other kind alone', async () => {
  await save(1, [seen('192.0.2.1:443', true)], 'endpoint');
  await save(2, [seen('ns1', true)]);
  await save(3, []);
  expect([await stored(), (await stored('endpoint')).length]).toEqual([[], 1]);
});

it('goes with its transaction', async () => {
  await save(1, [seen('ns1', true)]);
  const undone = transact(ground.db, async (tx) => {
    await saveObservations(tx, ground.endpointId, 'dns', [seen('ns1', false)], at(2));
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  expect(await stored()).toMatchObject([{ ok: true, since: at(1) }]);
});
