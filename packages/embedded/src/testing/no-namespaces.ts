// Root where the kernel refuses user namespaces, as it is in a plain container or a chroot: whoever has changed its root may
// make none (user_namespaces(7), EPERM). Nothing of the machine is changed: the mounts are seen by the command alone and end
// with it.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../repository.ts';

export const isRoot = process.getuid?.() === 0;

/** Whether everybody may enter the folder in which a clone lies, or only its owner, as with /root. */
export type Door = 'open' | 'closed';

export type Place = {
  /** Of a clone, as the command sees it. */
  readonly clone: string;
  /** An empty folder beside the clone, at the same path for the command and for us. */
  readonly folder: string;
  /** The command line that runs `command` there. */
  wrap(command: string, ...args: string[]): [command: string, args: string[]];
  remove(): void;
};

const canMakeNamespaces = (): boolean => spawnSync('unshare', ['--user', 'true']).status === 0;

// $1 the machine's root once more, $2 the repository, $3 where it is to be seen; then the command.
const changeRoot = `
mount --rbind / "$1"
mount --rbind "$2" "$1$3"
root=$1
shift 3
exec chroot "$root" "$@"`;

/**
 * A clone of this repository without a user namespace in reach; for root alone. Where there is none anyway, the repository is
 * used where it lies, since whoever may make none may not mount either.
 */
export function placeWithoutNamespaces(door: Door): Place {
  const folder = mkdtempSync(join(tmpdir(), 'hostmaster-no-namespaces-'));
  const beside = join(folder, 'place');
  mkdirSync(beside);
  for (const path of [folder, beside]) chmodSync(path, door === 'open' ? 0o755 : 0o700);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  if (!canMakeNamespaces()) {
    return { clone: repositoryRoot(), folder: beside, wrap: (command, ...args) => [command, args], remove };
  }
  const [root, clone] = [join(folder, 'root'), join(beside, 'clone')];
  for (const path of [root, clone]) mkdirSync(path);
  const mounted = ['--mount', '--propagation', 'private', 'sh', '-euc', changeRoot, 'sh', root, repositoryRoot(), clone];
  return { clone, folder: beside, wrap: (command, ...args) => ['unshare', [...mounted, command, ...args]], remove };
}
