// `npm start` as a whole: what it refuses, and that root of a fresh machine gets it going. Runs the real command on what is built
// (it builds first when it must), so it belongs to the crash tests of `npm test`. What kill -9 and Ctrl-C leave is in
// e2e/src/start.spec.ts; what PostgreSQL needs where root may make no user namespace is in postgres-account.integration.test.ts.
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { portsFrom, requireFreePort } from './port.ts';
import { freeBase, type NpmStart, npmStart, START_PATIENCE_MILLISECONDS } from './testing/npm-start.ts';
import { isRoot, type RootPlace, rootPlace } from './testing/root-place.ts';

const NOBODY = 65_534;

describe('npm start', () => {
  it('names every port that is taken, what wants it, and the flag', async () => {
    const base = await freeBase();
    const holders = Object.values(portsFrom(base)).map((port) => createServer().listen(port, '127.0.0.1'));
    await Promise.all(holders.map((holder) => once(holder, 'listening')));
    const data = mkdtempSync(join(tmpdir(), 'hostmaster-crash-start-'));
    const { code, output } = await npmStart(base, data).refused('--port', String(base), '--data', data);
    for (const holder of holders) holder.close();
    rmSync(data, { recursive: true, force: true });
    expect(code).toBe(1);
    for (const [name, port] of Object.entries(portsFrom(base)))
      expect(output, name).toMatch(new RegExp(`Port ${port} [^.]* is taken.*--port`));
  });

  it.each([
    { flags: ['--prot', '4000'], says: '--prot' },
    { flags: ['--port', 'high'], says: '--port takes a number' },
    { flags: ['--port', '65500'], says: '--port must be a number from 1 to' },
    { flags: ['4000'], says: 'npm start -- --port 4000' },
  ])('refuses $flags with what is wrong', async ({ flags, says }) => {
    expect(await npmStart(0, tmpdir()).refused(...flags)).toEqual({ code: 1, output: expect.stringContaining(says) });
  });
});

describe.runIf(isRoot)('npm start as root where user namespaces are refused, from a clone that root alone may enter', () => {
  let place: RootPlace;
  let program: NpmStart;
  beforeAll(async () => {
    place = rootPlace('closed');
    program = npmStart(await freeBase(), join(place.folder, 'data'), place.clone, place.wrap);
  });
  afterAll(async () => {
    await program.stop();
    place.remove();
  });

  it(
    'is up, with its database as nobody’s',
    async () => {
      await program.start();
      expect(await program.whoAmI()).toBe(200);
      expect(statSync(join(place.folder, 'data', 'postgres')).uid).toBe(NOBODY);
    },
    START_PATIENCE_MILLISECONDS,
  );

  it(
    'begins anew after kill -9, and leaves nothing running',
    async () => {
      await program.end('SIGKILL');
      await program.start('--reset', '--no-demo');
      expect(program.announcement().tokens).toEqual({});
      expect(await program.end('SIGTERM')).toEqual([0, null]);
      expect(existsSync(join(place.folder, 'data', 'postgres', 'postmaster.pid'))).toBe(false);
      for (const port of Object.values(portsFrom(program.base)))
        await expect(requireFreePort(port, 'the test', '')).resolves.toBeUndefined();
    },
    START_PATIENCE_MILLISECONDS,
  );
});
