import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@hostmaster/embedded/testing/database';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildWorker } from './testing/worker-process.ts';

let database: TestDatabase;
beforeAll(async () => {
  buildWorker();
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const admin = (command: string, url = database.url) =>
  spawnSync(process.execPath, ['dist/admin.js', ...command.split(' ').filter(Boolean)], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { PATH: process.env.PATH ?? '', DATABASE_URL: url },
    encoding: 'utf8',
  });

it('a command exits with what the error table says of its failure', () => {
  expect(admin('team --team orders --name Orders').status).toBe(0);
  const again = admin('team --team orders --name Orders');
  expect([again.status, again.stderr]).toEqual([6, 'There is a team orders already.\n']);
  expect(admin('member --team nowhere --email ann@example.test').status).toBe(5);
  expect(admin('person --name Ann').status).toBe(2);
  expect(admin('person --nmae Ann').status).toBe(2);
  expect(admin('').status).toBe(2);
  expect(admin('team --team a --name A', 'postgresql://nobody@127.0.0.1:1/none').status).toBe(75);
});
