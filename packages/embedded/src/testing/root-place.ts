// What root of a fresh machine starts from, for tests that run as root: a clone of this repository below a folder that
// everybody may enter or root alone, no accounts but root and nobody, and a kernel that refuses user namespaces, as it is in a
// plain container and in a chroot: whoever has changed its root may make none (user_namespaces(7), EPERM). Nothing of the
// machine is changed: the mounts are seen by the command alone and end with it.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../repository.ts';

export const isRoot = process.getuid?.() === 0;

/** Where this is a container itself, it is not so, and nothing can be mounted either. */
export const canMakeNamespaces = spawnSync('unshare', ['--user', 'true']).status === 0;

/** Who may enter the folder in which the clone lies: everybody, or as with /root its owner. */
export type Door = 'open' | 'closed';

export type RootPlace = {
  /** Of the clone, as the command sees it. */
  readonly clone: string;
  /** The folder in which it lies, at the same path for the command and for us; to keep data in. */
  readonly folder: string;
  /** The command line that runs `command` there. */
  wrap(command: string, ...args: string[]): [command: string, args: string[]];
  remove(): void;
};

const accounts = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n';

// $1 the root, $2 the repository, $3 where it is to be seen, $4 the accounts; then the command.
const enter = `
root=$1
[ "$root" = / ] || mount --rbind / "$root"
mount --rbind "$2" "$root/$3"
mount --bind "$4" "$root/etc/passwd"
shift 4
exec chroot "$root" "$@"`;

/** Where no namespace can be made and nothing be mounted, the repository is used where it lies, with the accounts that there are. */
export function rootPlace(door: Door, { namespaces = false } = {}): RootPlace {
  const outer = mkdtempSync(join(tmpdir(), 'hostmaster-root-place-'));
  const folder = join(outer, 'place');
  mkdirSync(folder);
  for (const path of [outer, folder]) chmodSync(path, door === 'open' ? 0o755 : 0o700);
  const remove = (): void => rmSync(outer, { recursive: true, force: true });
  if (!canMakeNamespaces) return { clone: repositoryRoot(), folder, wrap: (command, ...args) => [command, args], remove };

  const [changed, clone, passwd] = [join(outer, 'root'), join(folder, 'clone'), join(outer, 'passwd')];
  for (const path of [changed, clone]) mkdirSync(path);
  writeFileSync(passwd, accounts, { mode: 0o644 });
  const places = [namespaces ? '/' : changed, repositoryRoot(), clone, passwd];
  const mounted = ['--mount', '--propagation', 'private', 'sh', '-euc', enter, 'sh', ...places];
  return { clone, folder, wrap: (command, ...args) => ['unshare', [...mounted, command, ...args]], remove };
}
