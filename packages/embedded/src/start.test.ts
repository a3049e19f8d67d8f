import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAccess, terminalBlock, writeAnnouncement } from './announcement.ts';
import { readEnv } from './env.ts';
import { portsFrom } from './port.ts';
import { portalProgram, workerProgram } from './programs.ts';
import { loadSecrets } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'hostmaster-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the secrets of an installation', () => {
  it('are made once, differ, and are readable for their owner only', () => {
    const directory = join(folder, 'secrets');
    const made = loadSecrets(directory);
    expect(loadSecrets(directory)).toEqual(made);
    expect(new Set(Object.values(made)).size).toBe(4);
    expect(Buffer.from(made.kek, 'base64')).toHaveLength(32);
    expect(statSync(join(directory, 'key-encryption-key')).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });
});

describe('the ports', () => {
  it('follow from the base', () => {
    expect(portsFrom(3000)).toEqual({ portal: 3000, workerHealth: 3001, nameserver: 3053, postgres: 3432, edge: 3443 });
  });
  it.each([0, -1, 65_093, 1.5, Number.NaN])('are refused when one would be none: %d', (base) => {
    expect(() => portsFrom(base)).toThrow('--port must be a number from 1 to 65092');
  });
});

describe('the environment of a program', () => {
  const env = readEnv({
    PATH: '/bin',
    HOSTMASTER_KEK: 'the-kek',
    AWS_SECRET_ACCESS_KEY: 'foreign',
    OIDC_ISSUER: 'https://id.example',
    OIDC_CLIENT_SECRET: 'oidc-secret',
    REDIS_URL: 'redis://127.0.0.1',
  });
  const secrets = {
    nextAuth: 'session-secret',
    kek: 'made-kek',
    postgres: { superuser: 'super-secret', owner: 'owner-secret', worker: 'worker-secret', web: 'web-secret' },
    tsig: 'tsig-secret',
  };
  const options = {
    root: '/repository',
    env,
    secrets,
    ports: portsFrom(3000),
    databaseUrl: 'postgresql://hostmaster:owner-secret@127.0.0.1:5432/hostmaster',
    publicUrl: 'http://127.0.0.1:3000',
    edgeDirectory: '/data/edge',
    logs: '/data/logs',
    dev: false,
  };

  it('of the portal holds no key-encryption key, no TSIG secret and nothing foreign', () => {
    const given = JSON.stringify(portalProgram(options));
    for (const secret of ['the-kek', 'made-kek', 'tsig-secret', 'foreign', 'redis', 'super-secret', 'owner-secret', 'worker-secret'])
      expect(given).not.toContain(secret);
    expect(portalProgram(options).env).toMatchObject({ AUTH_SECRET: 'session-secret', OIDC_CLIENT_SECRET: 'oidc-secret', PATH: '/bin' });
  });

  it('of the worker holds no session secret, no sign-in secret and nothing foreign', () => {
    const given = JSON.stringify(workerProgram(options));
    for (const secret of ['session-secret', 'oidc-secret', 'tsig-secret', 'foreign', 'super-secret', 'owner-secret', 'web-secret'])
      expect(given).not.toContain(secret);
    expect(workerProgram(options).env).toMatchObject({ HOSTMASTER_KEK: 'the-kek', REDIS_URL: 'redis://127.0.0.1' });
  });
});

describe('the announcement', () => {
  const announcement = {
    portal: 'http://127.0.0.1:3000',
    api: 'http://127.0.0.1:3000/api/v1',
    nameserver: { address: '127.0.0.1', port: 3053 },
    edge: { address: '127.0.0.1', port: 3443 },
    rootCertificate: '/data/root.pem',
    database: 'postgresql://owner@127.0.0.1:3432/hostmaster',
    signIns: [{ account: 'app', email: 'app@example.test', password: 'pass', roles: [] }],
    tokens: { app: 'a', security: 's', platform: 'p', auditor: 'u' },
  };

  it('is a file for its owner only, from which the next start takes what it handed out', () => {
    const file = join(folder, 'start.json');
    writeAnnouncement(file, announcement);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(announcement);
    expect(readAccess(file)).toEqual({ signIns: announcement.signIns, tokens: announcement.tokens });
    expect(readAccess(join(folder, 'missing.json'))).toBeNull();
  });

  it('says where to go, who to be and what to try, in one block', () => {
    const block = terminalBlock(announcement, 'shop.dev.example.test', { logs: '/data/logs', seconds: '3.1' });
    for (const part of [
      'http://127.0.0.1:3000\n',
      'app@example.test  pass',
      '/data/root.pem',
      'dig @127.0.0.1 -p 3053 shop.dev',
      '--resolve shop.dev.example.test:3443:127.0.0.1',
    ])
      expect(block).toContain(part);
    const spaced = { ...announcement, rootCertificate: '/my data/root.pem' };
    expect(terminalBlock(spaced, 'shop.dev.example.test', { logs: '', seconds: '1' })).toContain("--cacert '/my data/root.pem' ");
    const alone = terminalBlock(announcement, null, { logs: '', seconds: '1' });
    expect(alone).not.toContain('dig');
    expect(alone).toMatch(/Name server .* port \d+, which serves no zone without the demo\n/);
    expect(block).not.toContain('no zone');
  });
});
