// `npm start` as a whole: what a person meets when it is started twice, killed, or told nonsense. Runs the real command on
// what is built (it builds first when it must), so it belongs to the crash tests of `npm test`. What PostgreSQL needs where
// root may make no user namespace is tested in postgres-account.integration.test.ts.
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Ports, portsFrom, requireFreePort } from './port.ts';
import { freeBase, type NpmStart, npmStart, START_PATIENCE_MILLISECONDS } from './testing/npm-start.ts';
import { type Door, isRoot, type RootPlace, rootPlace } from './testing/root-place.ts';

const NOBODY = 65_534;

describe('npm start', () => {
  const data = mkdtempSync(join(tmpdir(), 'hostmaster-crash-start-'));
  let base: number;
  let ports: Ports;
  let program: NpmStart;

  beforeAll(async () => {
    base = await freeBase();
    ports = portsFrom(base);
    program = npmStart(base, data);
    await program.start();
  }, START_PATIENCE_MILLISECONDS);
  afterAll(async () => {
    await program.stop();
    rmSync(data, { recursive: true, force: true });
  });

  it('refuses a folder that another one uses, and names that process', async () => {
    const { code, output } = await program.refused('--port', String(base + 1), '--data', data);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(`in use by process ${program.pid}`) });
  });

  it(
    'keeps everything through kill -9, and starts again without a pause',
    async () => {
      const before = program.announcement();
      expect(await program.whoAmI()).toBe(200);
      await program.end('SIGKILL');
      await program.start();
      expect(program.announcement()).toEqual(before);
      expect(await program.whoAmI()).toBe(200);
    },
    START_PATIENCE_MILLISECONDS,
  );

  it('ends everything at SIGTERM and leaves no port taken', async () => {
    expect(await program.end('SIGTERM')).toEqual([0, null]);
    for (const port of Object.values(ports)) await expect(requireFreePort(port, 'the test', '')).resolves.toBeUndefined();
  });

  it.each(['portal', 'nameserver', 'postgres', 'edge', 'workerHealth'] as const)(
    'names the port and the flag when that of %s is taken',
    async (name) => {
      const holder = createServer().listen(ports[name], '127.0.0.1');
      await once(holder, 'listening');
      const { code, output } = await program.refused('--port', String(base), '--data', data);
      holder.close();
      expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(new RegExp(`port ${ports[name]} .*taken[^]*--port`)) });
    },
  );

  it.each([
    { flags: ['--prot', '4000'], says: '--prot' },
    { flags: ['--port', 'high'], says: '--port takes a number' },
    { flags: ['--port', '65500'], says: '--port must be a number from 1 to' },
    { flags: ['4000'], says: 'npm start -- --port 4000' },
  ])('refuses $flags with what is wrong', async ({ flags, says }) => {
    expect(await program.refused('--data', data, ...flags)).toEqual({ code: 1, output: expect.stringContaining(says) });
  });
});

describe.runIf(isRoot)('npm start as root where user namespaces are refused', () => {
  let place: RootPlace;
  let program: NpmStart;
  let ports: Ports;
  afterEach(async () => {
    await program.stop();
    place.remove();
  });

  async function startBehind(door: Door): Promise<void> {
    place = rootPlace(door);
    const base = await freeBase();
    ports = portsFrom(base);
    program = npmStart(base, join(place.folder, 'data'), place.clone, place.wrap);
    await program.start();
    expect(await program.whoAmI()).toBe(200);
    expect(statSync(join(place.folder, 'data', 'postgres')).uid).toBe(NOBODY);
  }
  async function endsWhole(): Promise<void> {
    expect(await program.end('SIGTERM')).toEqual([0, null]);
    expect(existsSync(join(place.folder, 'data', 'postgres', 'postmaster.pid'))).toBe(false);
    for (const port of Object.values(ports)) await expect(requireFreePort(port, 'the test', '')).resolves.toBeUndefined();
  }

  it(
    'is up from a clone that everybody may read, and leaves nothing running',
    async () => {
      await startBehind('open');
      await endsWhole();
    },
    START_PATIENCE_MILLISECONDS,
  );

  it(
    'is up from a clone that root alone may enter, begins anew after kill -9, and leaves nothing running',
    async () => {
      await startBehind('closed');
      await program.end('SIGKILL');
      await program.start('--reset', '--no-demo');
      expect(program.announcement().tokens).toEqual({});
      await endsWhole();
    },
    START_PATIENCE_MILLISECONDS,
  );
});
