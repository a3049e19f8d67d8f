// An installation that is upgraded keeps its campaigns, also those that one plan began more than once.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOlderSchema, type OlderSchema } from './testing/older-schema.ts';

let older: OlderSchema;
beforeAll(async () => {
  older = await createOlderSchema('20261203100000_a_plan_starts_once');
});
afterAll(() => older.close());

const [person, first, second, other] = ['1', '2', '3', '4'].map((n) => `00000000-0000-0000-0000-00000000000${n}`);
const begin = (id = '', hash = '', at = '') =>
  older.client.query(`
  INSERT INTO campaign (id, action, state, scope, comment, pace, as_of, plan_hash, planned, four_eyes, asker_kind, asker_id, asker_name, answering_person_id, created_at, moved_at, moved_by)
  VALUES ('${id}', 'replace', 'stopped', '{}', 'x', 60, '2026-11-20T12:00:00Z', '${hash}', 1, false, 'person', '${person}', 'Ada', '${person}', '${at}', '${at}', 'Ada')`);

it('of those that one plan began the first keeps its hash, and from then on a plan begins one', async () => {
  await begin(second, 'a', '2026-11-20T12:02:00Z');
  await begin(first, 'a', '2026-11-20T12:01:00Z');
  await begin(other, 'b', '2026-11-20T12:01:00Z');
  await older.migrate();
  const { rows } = await older.client.query('SELECT id, plan_hash FROM campaign ORDER BY id');
  expect(rows).toEqual([
    { id: first, plan_hash: 'a' },
    { id: second, plan_hash: `a:${second}` },
    { id: other, plan_hash: 'b' },
  ]);
  await expect(begin('00000000-0000-0000-0000-000000000005', 'b', '2026-11-20T12:03:00Z')).rejects.toThrow('campaign_plan_hash_as_of_key');
});
