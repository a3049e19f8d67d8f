import { expect, it } from 'vitest';
import { portalProgram, workerProgram } from './programs.ts';

const secrets = {
  postgres: { superuser: 'of-the-superuser', owner: 'of-the-owner', web: 'of-web', worker: 'of-the-worker' },
  nextAuth: 'of-sessions',
  kek: 'of-keys',
};
const options = {
  root: '/root',
  env: {
    inherited: {},
    keyDestinations: 'https://k8s-1.example.org',
    oidc: {},
    token: { HOSTMASTER_PKCS11_TOKEN: 'Hostmaster CA', HOSTMASTER_PKCS11_PIN: 'of-the-token' },
  },
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
    ['of-the-worker', 'of-keys', 'of-the-token'],
  ],
])('%s gets the password of its own database role, and no secret of another', (_, { env }, url, known) => {
  expect(env.DATABASE_URL).toBe(url);
  const given = JSON.stringify(env);
  const all = [...Object.values(secrets.postgres), secrets.nextAuth, secrets.kek, 'of-the-token'];
  expect(all.filter((secret) => given.includes(secret))).toEqual(known);
});

it('the worker alone is told which clusters private keys may be handed to', () => {
  expect(workerProgram(options).env.HOSTMASTER_KEY_DESTINATIONS).toBe('https://k8s-1.example.org');
  expect(portalProgram(options).env).not.toHaveProperty('HOSTMASTER_KEY_DESTINATIONS');
});

it('the worker alone is told of the token that keys of CAs live in', () => {
  expect(workerProgram(options).env).toMatchObject({ HOSTMASTER_PKCS11_TOKEN: 'Hostmaster CA', HOSTMASTER_PKCS11_PIN: 'of-the-token' });
  expect(JSON.stringify(portalProgram(options).env)).not.toContain('PKCS11');
});
