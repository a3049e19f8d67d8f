// An installation that is upgraded keeps what its requests say of who asked.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOlderSchema, type OlderSchema } from './testing/older-schema.ts';

let older: OlderSchema;
beforeAll(async () => {
  older = await createOlderSchema('20261128100500_askers', { until: '20261128100000' });
});
afterAll(() => older.close());

const [person, team, zone, byPerson, byToken] = ['1', '2', '3', '4', '5'].map((n) => `00000000-0000-0000-0000-00000000000${n}`);

it('a request of a person and one of their token are told apart, and the person answers for both', async () => {
  await older.client.query(`
    INSERT INTO person (id, email, name) VALUES ('${person}', 'ada@example.test', 'Ada');
    INSERT INTO team (id, slug, name) VALUES ('${team}', 'orders', 'Orders');
    INSERT INTO zone (id, apex, view, provider, owner_team_id, "primary", servers, allowed_ranges)
      VALUES ('${zone}', 'example.test', 'public', 'rfc2136', '${team}', '{}', '[]', '{}');
    INSERT INTO request (id, kind, state, hostname, view, team_id, zone_id, contract, decision, plan, plan_hash, review_groups, requester_id, requester_name)
      SELECT id::uuid, 'create', 'applied', name || '.example.test', 'public', '${team}', '${zone}', '{}', '{}', '{}', 'h', '{}', '${person}', name
        FROM (VALUES ('${byPerson}', 'ada'), ('${byToken}', 'ada-by-token')) AS asked (id, name);
    INSERT INTO audit_event (seq, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, subject, detail, previous, hash)
      VALUES (1, now(), 'person', '${person}', 'Ada', 'request.create', 'request', '${byPerson}', 'a', '{}', '', 'a'),
             (2, now(), 'service', 'token-id', 'Ada (token)', 'request.create', 'request', '${byToken}', 'b', '{}', '', 'b'),
             (3, now(), 'service', 'other', 'Sam (token)', 'request.cancel', 'request', '${byPerson}', 'a', '{}', '', 'c');`);
  await older.migrate();
  const { rows } = await older.client.query(
    'SELECT asker_kind, asker_id, asker_name, answering_person_id, answering_team_id FROM request ORDER BY id',
  );
  const answers = { answering_person_id: person, answering_team_id: null };
  expect(rows).toEqual([
    { asker_kind: 'person', asker_id: person, asker_name: 'ada', ...answers },
    { asker_kind: 'service', asker_id: 'token-id', asker_name: 'ada-by-token', ...answers },
  ]);
});

it.each([
  ['nobody', 'NULL', 'NULL'],
  ['a person and a team', `'${person}'`, `'${team}'`],
])('for a request %s cannot answer', async (_, personId, teamId) => {
  const both = older.client.query(`UPDATE request SET answering_person_id = ${personId}, answering_team_id = ${teamId}`);
  await expect(both).rejects.toThrow('request_one_answers');
});
