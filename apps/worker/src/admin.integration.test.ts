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

it('roles are taken away by saying so, and not by saying nothing', async () => {
  expect(admin('person --name Lee --email lee@example.test --role auditor').status).toBe(0);
  expect(admin('person --name Root --email root@example.test --role platform-admin').status).toBe(0);
  const silent = admin('roles --email lee@example.test');
  expect([silent.status, silent.stderr]).toEqual([2, expect.stringContaining('none, which takes every role away')]);
  expect(admin('roles --email lee@example.test --role king').status).toBe(2);
  expect(admin('roles --email lee@example.test --role platform-admin').stdout).toBe('lee@example.test: platform-admin\n');
  expect(admin('roles --email lee@example.test --role none').stdout).toBe('lee@example.test: no role\n');
  const last = admin('roles --email root@example.test --role none');
  expect([last.status, last.stderr]).toEqual([6, 'Root is the last platform admin who can sign in.\n']);
});

it('a team has a name that grants and contracts can say', () => {
  const refused = spawnSync(process.execPath, ['dist/admin.js', 'team', '--team', 'Bad Team', '--name', 'Shop'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { PATH: process.env.PATH ?? '', DATABASE_URL: database.url },
    encoding: 'utf8',
  });
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('--team')]);
});
