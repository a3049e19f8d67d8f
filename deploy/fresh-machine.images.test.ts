// A clone on a Debian that has nothing but Node: `npm start` of README.md as root, cloned below /root, and as an ordinary user,
// up to a name that is live; and a suite of `npm test`, which fetches its servers itself. Buildah's container is a chroot in
// which root has what it has in Docker's: no user namespace, and a part of its rights.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { portsFrom, requireFreePort } from '../packages/embedded/src/port.ts';
import { freeBase } from '../packages/embedded/src/testing/npm-start.ts';
import { baseImage } from '../scripts/buildah.mjs';
import { NODE_RELEASES } from '../scripts/node-release.mjs';
import { npmVolumes } from '../scripts/npm-volumes.mjs';
import { file } from './compose.ts';
import { type Container, createContainer, filesOf, runToEnd, startService } from './container.ts';

const INSTALL_MILLISECONDS = 25 * 60_000;
const TEST_MILLISECONDS = 30 * 60_000; // more, so that what was started is ended
const PATIENCE_MILLISECONDS = 300_000;
const POLL_MILLISECONDS = 100;
const HOSTNAME = 'orders.dev.example.test';
const CLONE = '/root/hostmaster';
const CLONE_OF_NODE = '/home/node/hostmaster';

const folder = mkdtempSync(join(tmpdir(), 'hostmaster-fresh-machine-'));
let container: Container;
let files: string;
let volumes: string[];

beforeAll(async () => {
  container = await createContainer(baseImage(NODE_RELEASES[24]));
  files = await filesOf(container);
  volumes = await npmVolumes(folder);
  mkdirSync(join(files, CLONE));
  // What a clone of this would hold.
  const copy = 'git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- | tar --extract --directory="$1"';
  execFileSync('sh', ['-euc', copy, 'sh', join(files, CLONE)], { cwd: file('.') });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Announcement = { readonly api: string; readonly edge: { readonly port: number }; readonly tokens: { readonly app: string } };

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MILLISECONDS; !(await holds()); await delay(POLL_MILLISECONDS)) {
    if (Date.now() > deadline) throw new Error(`Too long until ${what}.`);
  }
}

/** Asks for a name as README.md does, and resolves when the edge shows a certificate for it that its root vouches for. */
async function goLive(clone: string): Promise<void> {
  const data = join(files, clone, '.data');
  const { api, edge, tokens }: Announcement = JSON.parse(readFileSync(join(data, 'start.json'), 'utf8'));
  const body = { contract: { hostname: HOSTNAME, team: 'order-platform', target: { addresses: ['127.0.0.1'] } } };
  const headers = { authorization: `Bearer ${tokens.app}`, 'content-type': 'application/json' };
  const answer = await fetch(`${api}/requests`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status, await answer.text()).toBe(201);
  const ca = readFileSync(join(data, 'root.pem'));
  const shown = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: edge.port, servername: HOSTNAME, ca }, () => resolve(socket.authorized));
      socket.once('error', () => resolve(false));
      socket.once('close', () => resolve(false));
      socket.once('secureConnect', () => socket.end());
    });
  await until(shown, 'the edge shows the certificate');
}

async function startThere(clone: string, user: string): Promise<void> {
  const base = await freeBase();
  const command = ['sh', '-euc', 'cd "$1"; exec npm start -- --port "$2"', 'sh', clone, String(base)];
  const service = startService(container, { command, volumes, user, environment: { HOME: clone.slice(0, clone.lastIndexOf('/')) } });
  try {
    await service.answers(`http://127.0.0.1:${base}/api/health`, INSTALL_MILLISECONDS);
    await service.says('Ctrl-C ends it.');
    await goLive(clone);
  } finally {
    await service.stop();
  }
  // npm ends at once, what it started a moment later.
  const isFree = (port: number): Promise<boolean> =>
    requireFreePort(port, 'the test', '').then(
      () => true,
      () => false,
    );
  for (const port of Object.values(portsFrom(base))) await until(() => isFree(port), `nothing has port ${port}`);
}

describe('on a Debian with nothing but Node', () => {
  it('root gets no user namespace', async () => {
    await expect(runToEnd(container, { command: ['unshare', '--user', 'true'] })).rejects.toThrow(/not permitted/);
  });

  it('npm start as root, cloned below /root, installs, builds and brings a name live', () => startThere(CLONE, 'root'), TEST_MILLISECONDS);

  it(
    'npm start as an ordinary user does, too',
    async () => {
      const copy = `cp -a ${CLONE} ${CLONE_OF_NODE}; rm -r ${CLONE_OF_NODE}/.data; chown -R node:node ${CLONE_OF_NODE}`;
      await runToEnd(container, { command: ['sh', '-euc', copy] }, INSTALL_MILLISECONDS);
      await startThere(CLONE_OF_NODE, 'node');
    },
    TEST_MILLISECONDS,
  );

  it(
    'the tests as root fetch their servers, and run with BIND, Knot, PowerDNS, Redis and PostgreSQL',
    async () => {
      const fetchServers = `node --eval "import('./scripts/debian.mjs').then(({ ensureDebianPackages }) => ensureDebianPackages())"`;
      const suites = ['rfc2136-conformance', 'rate-limit', 'database'].map(
        (name) => `packages/embedded/src/testing/${name}.integration.test.ts`,
      );
      const command = [
        'sh',
        '-euc',
        `cd ${CLONE}; ${fetchServers}; npx vitest run packages/embedded/src/postgres-account.integration.test.ts ${suites.join(' ')}`,
      ];
      await runToEnd(container, { command, volumes }, INSTALL_MILLISECONDS);
    },
    TEST_MILLISECONDS,
  );
});
