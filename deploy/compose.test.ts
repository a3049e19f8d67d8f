// What can be known of docker-compose.yml without running it: it fits the specification's schema, everything it names
// exists, each process accepts the environment it is given, and no secret is where it must not be.
import { existsSync, readFileSync } from 'node:fs';
import { DCLinter } from 'dclint';
import { describe, expect, it } from 'vitest';
import { readEnv as readWebEnv } from '../apps/web/src/server/env.ts';
import { readEnv as readWorkerEnv } from '../apps/worker/src/env.ts';
import { compose, environmentOf, file, secrets } from './compose.ts';

const services = Object.entries(compose.services).map(([name, value]) => ({ name, ...value }));

describe('docker-compose.yml', () => {
  it('is what the Compose Specification takes', () => {
    const linter = new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] });
    const results = linter.lintFiles([file('docker-compose.yml')], false);
    expect(results).toHaveLength(1);
    // Its warnings are about the order of keys.
    expect(results.flatMap(({ messages }) => messages).filter(({ type }) => type === 'error')).toEqual([]);
  });

  it.each(services)('names only what exists: $name', ({ build, image, depends_on, volumes }) => {
    expect(Boolean(build) !== Boolean(image)).toBe(true);
    if (build) {
      const dockerfile = readFileSync(file(build.dockerfile), 'utf8');
      if (build.target) expect(dockerfile).toMatch(new RegExp(`^FROM \\S+ AS ${build.target}$`, 'm'));
    }
    for (const mount of volumes) {
      const [source = ''] = mount.split(':');
      expect(source.startsWith('./') ? existsSync(file(source)) : source in compose.volumes, mount).toBe(true);
    }
    for (const [other, { condition }] of Object.entries(depends_on)) {
      expect(compose.services).toHaveProperty(other);
      if (condition === 'service_healthy') expect(compose.services[other]?.healthcheck).toBeDefined();
    }
  });

  it('gives the portal an environment that it accepts', () => {
    expect(readWebEnv(environmentOf('web', secrets))).toMatchObject({ publicUrl: 'http://localhost:3000', oidc: null });
  });

  it('gives the worker an environment that it accepts', () => {
    const { HOSTMASTER_KEK_FILE, ...environment } = environmentOf('worker', secrets);
    const env = readWorkerEnv({ ...environment, HOSTMASTER_KEK: Buffer.alloc(32).toString('base64') });
    expect(env.REDIS_URL).toBe(`redis://:${secrets.REDIS_PASSWORD}@redis:6379`);
    const keyMount = compose.services.worker?.volumes.find((mount) => HOSTMASTER_KEK_FILE?.startsWith(mount.split(':')[1] ?? '?'));
    expect(keyMount).toBe('worker-keys:/run/keys:ro');
  });

  it('lets a portal on https say where its certificates point, at the port that answers nothing else', () => {
    const https = { ...secrets, PUBLIC_URL: 'https://names.example.test', PKI_URL: 'http://pki.example.test' };
    const { HOSTMASTER_KEK_FILE: _, ...environment } = environmentOf('worker', https);
    const HOSTMASTER_KEK = Buffer.alloc(32).toString('base64');
    expect(readWorkerEnv({ ...environment, HOSTMASTER_KEK }).pkiUrl).toBe('http://pki.example.test');
    const listen = readWebEnv(environmentOf('web', https)).pkiListen;
    expect(listen?.address).toBe('0.0.0.0');
    expect(compose.services.web?.ports).toContain(`127.0.0.1:${listen?.port}:${listen?.port}`);
    const without = environmentOf('worker', { ...https, PKI_URL: '' });
    expect(() => readWorkerEnv({ ...without, HOSTMASTER_KEK })).toThrow('HOSTMASTER_PKI_URL');
  });

  it.each([
    ['postgres', 'POSTGRES_PASSWORD'],
    ['migrate', 'OWNER_DATABASE_PASSWORD'],
    ['worker', 'WORKER_DATABASE_PASSWORD'],
    ['web', 'WEB_DATABASE_PASSWORD'],
    ['web', 'AUTH_SECRET'],
    ['worker', 'REDIS_PASSWORD'],
  ] as const)('%s does not start without %s', (name, missing) => {
    expect(() => environmentOf(name, { ...secrets, [missing]: '' })).toThrow(missing);
  });

  it('gives each process the password of its own database role and of no other', () => {
    const holders = (password: string) => services.filter(({ name }) => JSON.stringify(environmentOf(name, secrets)).includes(password));
    const names = (password: string) =>
      holders(password)
        .map(({ name }) => name)
        .sort();
    expect(names(secrets.POSTGRES_PASSWORD)).toEqual(['access', 'postgres']);
    expect(names(secrets.OWNER_DATABASE_PASSWORD)).toEqual(['migrate', 'postgres']);
    expect(names(secrets.WORKER_DATABASE_PASSWORD)).toEqual(['access', 'worker']);
    expect(names(secrets.WEB_DATABASE_PASSWORD)).toEqual(['access', 'web']);
  });

  it('asks everybody for a password who speaks to Redis, its own health check too', () => {
    const { command, environment } = compose.services.redis ?? {};
    expect(command).toEqual(expect.arrayContaining(['--requirepass', expect.stringMatching(/^\$\{REDIS_PASSWORD:\?/)]));
    expect(environment?.REDISCLI_AUTH).toMatch(/^\$\{REDIS_PASSWORD:\?/);
  });

  it('keeps the key-encryption key from everybody but the worker', () => {
    const holders = services.filter(({ volumes, environment }) => JSON.stringify([volumes, environment]).match(/worker-keys|KEK/));
    expect(holders.map(({ name }) => name).sort()).toEqual(['worker', 'worker-init']);
  });

  it('tells the worker alone of the token of its CAs, whose PIN is in a file, and of none where none is set', () => {
    const holders = services.filter(({ environment }) => JSON.stringify(environment).includes('PKCS11'));
    expect(holders.map(({ name }) => name)).toEqual(['worker']);
    const HOSTMASTER_KEK = Buffer.alloc(32).toString('base64');
    const { HOSTMASTER_KEK_FILE: _, ...environment } = environmentOf('worker', secrets);
    expect(readWorkerEnv({ ...environment, HOSTMASTER_KEK }).token).toBeNull();
    const { HOSTMASTER_KEK_FILE: __, ...half } = environmentOf('worker', { ...secrets, PKCS11_MODULE: '/lib.so', PKCS11_TOKEN: 'CA' });
    expect(() => readWorkerEnv({ ...half, HOSTMASTER_KEK })).toThrow('HOSTMASTER_PKCS11_PIN');
  });

  it('publishes ports on loopback only', () => {
    for (const port of services.flatMap(({ ports }) => ports)) expect(port).toMatch(/^127\.0\.0\.1:/);
  });
});

describe('the Dockerfiles', () => {
  it.each(['apps/web/Dockerfile', 'apps/worker/Dockerfile'])('%s ends in a slim image that does not run as root', (path) => {
    const stages = readFileSync(file(path), 'utf8').split(/^FROM /m);
    expect(stages.length).toBeGreaterThan(2);
    expect(stages.at(-1)).toMatch(/^\$\{BASE\}\n/);
    expect(stages.at(-1)).toMatch(/^USER node$/m);
    expect(stages.at(-1)).not.toMatch(/npm /);
  });
});
