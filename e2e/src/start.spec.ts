// `npm start` as whoever uses it sees it: a name that was live is live again after kill -9, everything runs on one Node,
// Ctrl-C ends every process, and --reset and --no-demo do what they say. What else it refuses is tested beside it, in
// packages/embedded. An instance of its own, on ports of its own; the tests follow one another on one folder.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Announcement, readAnnouncement } from '@hostmaster/embedded/announcement';
import { type Ports, portsFrom, requireFreePort } from '@hostmaster/embedded/port';
import { identityOf, isRunning, type ProcessIdentity } from '@hostmaster/embedded/process-identity';
import { expect, test } from '@playwright/test';
import { freshLabel } from './testing/instance.ts';
import { dig } from './testing/outside.ts';

test.describe.configure({ mode: 'serial' });

const program = join(import.meta.dirname, '../../scripts/start.mjs');
const UP_MILLISECONDS = 240_000;
const DOWN_MILLISECONDS = 60_000;

type Start = { readonly child: ChildProcess; printed(): string };

let folder: string;
let ports: Ports;
const started: Start[] = [];

async function freePorts(): Promise<Ports> {
  for (let base = 21_000; base < 24_000; base += 7) {
    const candidate = portsFrom(base);
    const free = await Promise.allSettled(Object.values(candidate).map((port) => requireFreePort(port, 'a test', '')));
    if (free.every(({ status }) => status === 'fulfilled')) return candidate;
  }
  throw new Error('no five free ports');
}

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hostmaster-start-'));
  ports = await freePorts();
});
test.afterAll(async () => {
  for (const { child } of started) {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    }
  }
  rmSync(folder, { recursive: true, force: true });
});

function start(...flags: string[]): Start {
  // As npm starts it: then it ends with us, whatever happens to us.
  const env: NodeJS.ProcessEnv = { ...process.env, npm_lifecycle_event: 'start' };
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'NODE_ENV']) delete env[name];
  const args = [program, '--port', `${ports.portal}`, '--data', folder, ...flags];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const begun = { child, printed: () => output };
  started.push(begun);
  return begun;
}

async function up(...flags: string[]): Promise<Start & { readonly announcement: Announcement }> {
  const running = start(...flags);
  const deadline = Date.now() + UP_MILLISECONDS;
  while (!running.printed().includes('Hostmaster is up')) {
    if (running.child.exitCode !== null || Date.now() > deadline) throw new Error(`it did not come up:\n${running.printed()}`);
    await delay(50);
  }
  return { ...running, announcement: readAnnouncement(join(folder, 'start.json')) };
}

/** A process and everything below it. */
function family(pid: number): ProcessIdentity[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // pid (command, which may hold anything) state parent …, see proc_pid_stat(5)
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // ended while we looked
    }
  }
  const members = [pid];
  for (const member of members) for (const [child, parent] of parents) if (parent === member) members.push(child);
  return members.flatMap((member) => identityOf(member) ?? []);
}

async function signalled(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = once(child, 'exit', { signal: AbortSignal.timeout(DOWN_MILLISECONDS) });
  child.kill(signal);
  await exit;
}

const api = (announcement: Announcement, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${announcement.api}${path}`, {
    ...init,
    headers: { Authorization: `Bearer ${announcement.tokens.app}`, 'Content-Type': 'application/json' },
    signal: AbortSignal.timeout(60_000),
  });

async function stateOf(announcement: Announcement, name: string): Promise<unknown> {
  const page: { rows: { state: string }[] } = JSON.parse(await (await api(announcement, `/endpoints?search=${name}`)).text());
  return page.rows[0]?.state;
}

test('a name that was live before kill -9 is live after the next start', async () => {
  const first = await up();
  const name = `${freshLabel('survivor')}.dev.example.test`;
  const contract = { hostname: name, team: 'order-platform', target: { addresses: ['127.0.0.1'] } };
  expect((await api(first.announcement, '/requests', { method: 'POST', body: JSON.stringify({ contract }) })).status).toBe(201);
  await expect.poll(() => stateOf(first.announcement, name)).toBe('live');

  const before = family(first.child.pid ?? 0);
  await signalled(first.child, 'SIGKILL');
  const second = await up();
  expect(second.announcement).toEqual(first.announcement);
  expect(before.filter(isRunning), 'nothing of the killed one is left').toEqual([]);
  expect(await stateOf(second.announcement, name)).toBe('live');
  expect(await dig(name, 'A', second.announcement.nameserver)).toEqual(['127.0.0.1']);
});

/** The one that runs now. */
function current(): Start & { readonly pid: number } {
  const [running] = started.slice(-1);
  if (running?.child.pid === undefined) throw new Error('nothing is running');
  return { ...running, pid: running.child.pid };
}

test('it says which Node it runs on, and the portal and the worker run on that one', async () => {
  const { pid, printed } = current();
  const health = await fetch(`http://127.0.0.1:${ports.portal}/api/health`, { signal: AbortSignal.timeout(60_000) });
  expect([health.status, await health.json()]).toMatchObject([200, { ready: true, status: 'ok' }]);
  expect(printed()).toContain(`· Node ${process.versions.node}`);
  const nodes = family(pid)
    .map((member) => readlinkSync(`/proc/${member.pid}/exe`))
    .filter((program) => basename(program) === basename(process.execPath));
  expect(nodes, 'the supervisor, the worker, the portal').toEqual(Array(3).fill(process.execPath));
});

test('another one on its folder is refused, and told which process has it', async () => {
  const { pid } = current();
  const another = start('--port', `${ports.portal + 1}`);
  started.pop();
  await expect.poll(() => another.child.exitCode, { timeout: UP_MILLISECONDS }).toBe(1);
  expect(another.printed()).toContain(`in use by process ${pid}`);
});

test('Ctrl-C ends every process, and leaves no port taken', async () => {
  const { child, pid } = current();
  const members = family(pid);
  expect(members.length, 'the supervisor, PostgreSQL, the worker, the portal').toBeGreaterThanOrEqual(4);
  await signalled(child, 'SIGINT');
  expect(child.exitCode).toBe(0);
  await expect.poll(() => members.filter(isRunning)).toEqual([]);
  expect(existsSync(join(folder, 'lock')), 'and gives the folder free').toBe(false);
  for (const port of Object.values(ports)) await expect(requireFreePort(port, 'a test', '')).resolves.toBeUndefined();
});

test('--reset begins with nothing, and --no-demo stays with nothing', async ({ page }) => {
  const known = readAnnouncement(join(folder, 'start.json'));
  const { announcement, child } = await up('--reset', '--no-demo');
  expect(
    announcement.signIns.map(({ account }) => account),
    'nobody but a first administrator',
  ).toEqual(['admin']);
  expect(announcement.tokens).toEqual({});
  const answer = await api({ ...announcement, tokens: known.tokens }, '/me');
  expect(answer.status, 'a token of before').toBe(401);
  expect(await dig('shop.dev.example.test', 'A', announcement.nameserver)).toEqual([]);
  await page.goto(`${announcement.portal}/sign-in`);
  await page.getByLabel('Account or e-mail').fill('admin');
  await page.getByLabel('Password').fill(announcement.signIns[0]?.password ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();

  await test.step('and every button leads to the next real step towards the first name', async () => {
    for (const path of ['/', '/endpoints', '/requests', '/certificates', '/grants']) {
      await page.goto(`${announcement.portal}${path}`);
      await page.getByRole('link', { name: 'Add a team' }).first().click();
      await expect(page).toHaveURL(/\/teams$/);
    }
    await page.getByRole('button', { name: 'Add a team' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Platform');
    await page.getByLabel('Short name').fill('platform');
    await page.getByRole('button', { name: 'Add the team' }).click();
    await expect(page.getByText('The team Platform exists.')).toBeVisible();
    expect(await page.getByRole('link', { name: 'Platform', exact: true }).isVisible(), 'and the table says so, too').toBe(true);
    for (const path of ['/', '/endpoints', '/requests', '/certificates']) {
      await page.goto(`${announcement.portal}${path}`);
      await page.getByRole('link', { name: 'Connect a zone' }).first().click();
      await expect(page).toHaveURL(/\/zones\/new$/);
    }
    await page.goto(`${announcement.portal}/requests/new`);
    await expect(page.getByText('Names stand in zones, and none is connected')).toBeVisible();
    await page.getByRole('main').getByRole('link', { name: 'Connect a zone' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Connect a zone' })).toBeVisible();
  });
  // Whoever lost that password makes another administrator, as the guide says.
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/operate.md'), 'utf8');
  const [, lines] = /```sh\n(export DATABASE_URL=.*start\.json.*\n.*)\n```/.exec(guide) ?? [];
  const commands = (lines ?? 'false').replaceAll('./.data/', `${folder}/`);
  const printed = execFileSync('sh', ['-ec', commands], { encoding: 'utf8', cwd: join(import.meta.dirname, '../..') });
  const [, password] = /may sign in with the password (\S+)/.exec(printed) ?? [];
  await page.context().clearCookies();
  await page.goto(`${announcement.portal}/sign-in`);
  await page.getByLabel('Account or e-mail').fill('lee@example.org');
  await page.getByLabel('Password').fill(password ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await signalled(child, 'SIGINT');
});
