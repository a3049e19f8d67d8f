// An installation that is upgraded keeps the ports on which its names are reached.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOlderSchema, type OlderSchema } from './testing/older-schema.ts';

let older: OlderSchema;
beforeAll(async () => {
  older = await createOlderSchema('20261129040000_allowed_ports', {
    sql: `
    CREATE TABLE zone (id INT PRIMARY KEY);
    CREATE TABLE endpoint (id INT PRIMARY KEY, zone_id INT, state TEXT, revision INT);
    CREATE TABLE endpoint_revision (endpoint_id INT, number INT, contract JSONB);`,
  });
});
afterAll(() => older.close());

it('a zone allows the usual ports and each that a name of it is reached on; what is retired, or was replaced, counts no more', async () => {
  await older.client.query(`
    INSERT INTO zone VALUES (1), (2);
    INSERT INTO endpoint VALUES (1, 1, 'live', 2), (2, 1, 'degraded', 1), (3, 1, 'retired', 1), (4, 1, 'live', 1);
    INSERT INTO endpoint_revision VALUES
      (1, 1, '{"routing": {"port": 22}}'), (1, 2, '{"routing": {"port": 9443}}'), (2, 1, '{"routing": {"port": 8443}}'),
      (3, 1, '{"routing": {"port": 25}}'), (4, 1, '{}');`);
  await older.migrate();
  const usual = ['80', '443', '8080', '8443'];
  expect((await older.client.query('SELECT id, allowed_ports FROM zone ORDER BY id')).rows).toEqual([
    { id: 1, allowed_ports: [...usual, '9443'] },
    { id: 2, allowed_ports: usual },
  ]);
});
