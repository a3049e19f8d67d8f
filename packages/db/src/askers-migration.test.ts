// An installation that is upgraded keeps what its requests say of who asked.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@hostmaster/embedded/testing/database';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../../prisma/migrations');
const migration = '20261128100500_askers';
const sqlOf = (name: string) => readFileSync(join(folder, name, 'migration.sql'), 'utf8');

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  // A second world beside the migrated one: what is made unqualified is made here.
  await client.query('CREATE SCHEMA older; SET search_path TO older');
  const before = readdirSync(folder).filter((name) => name < '20261128100000');
  for (const name of before.sort()) await client.query(sqlOf(name));
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const [person, team, zone, byPerson, byToken] = ['1', '2', '3', '4', '5'].map((n) => `00000000-0000-0000-0000-00000000000${n}`);

it('a request of a person and one of their token are told apart, and the person answers for both', async () => {
  await client.query(`
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
  await client.query(sqlOf(migration));
  const { rows } = await client.query(
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
  const both = client.query(`UPDATE request SET answering_person_id = ${personId}, answering_team_id = ${teamId}`);
  await expect(both).rejects.toThrow('request_one_answers');
});
