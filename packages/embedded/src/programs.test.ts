import { expect, it } from 'vitest';
import { portalProgram, workerProgram } from './programs.ts';

const secrets = {
  postgres: { superuser: 'of-the-superuser', owner: 'of-the-owner', web: 'of-web', worker: 'of-the-worker' },
  nextAuth: 'of-sessions',
  kek: 'of-keys',
};
const options = {
  root: '/root',
  env: { inherited: {}, oidc: {} },
  secrets,
  ports: {},
  databaseUrl: 'postgresql://hostmaster:of-the-owner@127.0.0.1:5432/hostmaster',
  publicUrl: 'http://127.0.0.1:3000',
  edgeDirectory: '/edge',
  logs: '/logs',
  dev: false,
} as unknown as Parameters<typeof portalProgram>[0];

it.each([
  ['the portal', portalProgram(options), 'postgresql://hostmaster_web:of-web@127.0.0.1:5432/hostmaster', ['of-web', 'of-sessions']],
  [
    'a worker',
    workerProgram(options),
    'postgresql://hostmaster_worker:of-the-worker@127.0.0.1:5432/hostmaster',
    ['of-the-worker', 'of-keys'],
  ],
])('%s gets the password of its own database role, and no secret of another', (_, { env }, url, known) => {
  expect(env.DATABASE_URL).toBe(url);
  const given = JSON.stringify(env);
  const all = [...Object.values(secrets.postgres), secrets.nextAuth, secrets.kek];
  expect(all.filter((secret) => given.includes(secret))).toEqual(known);
});
