// Under which account PostgreSQL runs, and that root gets it going where it may make no user namespace: in a container, in a
// chroot, cloned to a folder that everybody may enter or below /root.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from './port.ts';
import type { PostgresOptions } from './postgres.ts';
import { accountFor } from './postgres-account.ts';
import { canMakeNamespaces, isRoot, type RootPlace, rootPlace } from './testing/root-place.ts';

const NOBODY = 65_534;

describe('the account PostgreSQL runs under', () => {
  it.each([
    ['ourselves, when we are not root', 1000, ['unshare', 'setpriv'], 'postgres', undefined],
    ['ourselves under another number, as root', 0, ['unshare', 'setpriv'], 'unshare', 0],
    ['nobody with one right of root’s, where there is no user namespace', 0, ['setpriv'], 'setpriv', NOBODY],
  ])('is %s', (_, uid, works, command, owner) => {
    const account = accountFor(uid, ({ wrap }) => works.includes(wrap('true', [])[0]));
    expect(account.wrap('postgres', [])[0]).toBe(command);
    expect(account.owner).toBe(owner);
  });

  it('is none, as root without either, which is said with what can be done', () => {
    const none = () => accountFor(0, () => false);
    expect(none).toThrow(/refuses to run as root.*CAP_DAC_OVERRIDE.*ordinary user, or set DATABASE_URL/);
  });
});

// What Docker leaves to root in a container (moby, oci/caps/defaults.go).
const DOCKER =
  '+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap';

describe.runIf(isRoot)('as root, PostgreSQL', () => {
  let place: RootPlace;
  afterEach(() => place.remove());

  /** Starts and stops it there as root of a container would, and answers the folder that it keeps its data in. */
  async function run(prepare = ''): Promise<string> {
    const directory = join(place.folder, 'data', 'postgres');
    const options: PostgresOptions = {
      directory,
      port: await freePort(),
      database: 'hostmaster',
      superuserPassword: 'test',
      ownerPassword: 'test',
      durability: 'test',
    };
    const source = `${prepare}
      const { startPostgres } = await import(${JSON.stringify(join(place.clone, 'packages/embedded/src/postgres.ts'))});
      try { await (await startPostgres(${JSON.stringify(options)})).stop(); }
      catch (error) { console.error(error.message); process.exitCode = 1; }`;
    const node = [process.execPath, '--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', source];
    const [command, args] = place.wrap('setpriv', `--bounding-set=-all,${DOCKER}`, '--inh-caps=-all', '--no-new-privs', ...node);
    execFileSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    return directory;
  }
  const owned = (uid: number): string =>
    `(await import('node:child_process')).execFileSync('chown', ['-R', '${uid}', '${join(place.folder, 'data', 'postgres')}']);`;

  it('runs without a user namespace from a clone that everybody may read', async () => {
    place = rootPlace('open');
    expect(statSync(await run()).uid).toBe(NOBODY);
  });

  it('runs without one from a clone that root alone may enter, takes over what was made with one, and nothing of somebody else’s', async () => {
    place = rootPlace('closed');
    const directory = await run();
    await run(owned(0));
    expect(statSync(join(directory, 'PG_VERSION')).uid).toBe(NOBODY);
    await expect(run(owned(4711))).rejects.toThrow(/belongs to the account with the number 4711/);
  });

  it.runIf(canMakeNamespaces)('runs in a user namespace where no account has the number that is usually the first', async () => {
    place = rootPlace('closed', { namespaces: true });
    expect(statSync(await run()).uid).toBe(0);
  });
});
