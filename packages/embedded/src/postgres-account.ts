// The account that PostgreSQL runs under. It refuses the number 0, wants a name for the number it has, and wants to own its
// folder; and whoever starts us as root has cloned below /root as likely as not, where no other account may enter. So what
// changes is the number alone, never what it may reach: nothing is copied, and no account is made.
import { spawnSync } from 'node:child_process';
import { chownSync, lchownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HostmasterError } from '@hostmaster/core/errors';

export type Account = {
  /** The command line that runs `command` under the account. */
  readonly wrap: (command: string, args: readonly string[]) => [command: string, args: string[]];
  /** The number, as seen from here, that must own what PostgreSQL keeps; undefined where that is ours anyway. */
  readonly owner: number | undefined;
};

/** The account "nobody", the one that has a name on every machine. */
const NOBODY = 65_534;

const wrapWith =
  (...words: readonly [string, ...string[]]): Account['wrap'] =>
  (command, args) => [words[0], [...words.slice(1), command, ...args]];

const ourselves: Account = { wrap: (command, args) => [command, [...args]], owner: undefined };

/** Shows PostgreSQL our number as another one (user_namespaces(7)); a container and a changed root usually have none to give. */
const shown: Account = {
  wrap: wrapWith('unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`),
  owner: 0,
};

/**
 * Another number that keeps one right of root's: whatever the rights of a file say, CAP_DAC_OVERRIDE of capabilities(7). The one
 * to read alone would not run a program that root keeps for itself (a umask of 077), and containers do not have it. Without the
 * bit, access(2) would look at the number alone, and PostgreSQL would say that it cannot find its own programs.
 */
const entitled: Account = {
  wrap: wrapWith(
    'setpriv',
    ...[`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--securebits=+no_setuid_fixup'],
    ...['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override'],
  ),
  owner: NOBODY,
};

const canBeUsed = ({ wrap }: Account): boolean => {
  const [command, args] = wrap('true', []);
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
};

/**
 * @param uid ours; undefined where the platform has none
 * @throws HostmasterError `unsupported` for root where it may have neither
 */
export function accountFor(uid: number | undefined, works: (account: Account) => boolean = canBeUsed): Account {
  if (uid !== 0) return ourselves;
  const account = [shown, entitled].find(works);
  if (account) return account;
  const lacking = 'root may neither make a user namespace here nor hand on its right to reach every file';
  const remedy = 'Start as an ordinary user, or set DATABASE_URL to a server of yours.';
  throw new HostmasterError(
    'unsupported',
    `PostgreSQL refuses to run as root, and ${lacking} (CAP_DAC_OVERRIDE, by setpriv of util-linux). ${remedy}`,
  );
}

/** Makes the account the owner of a file or of an empty folder. */
export function giveTo({ owner }: Account, path: string): void {
  if (owner !== undefined) chownSync(path, owner, owner);
}

/**
 * Makes the account the owner of a whole data folder that an earlier start, as root too, made where another account could be
 * had. No server may run on it. Throws HostmasterError `unavailable` for the folder of somebody else.
 */
export function takeOver({ owner }: Account, directory: string): void {
  const { uid } = statSync(directory);
  if (owner === undefined || uid === owner) return;
  if (uid !== 0 && uid !== NOBODY) {
    const remedy = 'Start as that account, or with another folder.';
    throw new HostmasterError('unavailable', `${directory} belongs to the account with the number ${uid}. ${remedy}`);
  }
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) lchownSync(join(directory, name), owner, owner);
  // Last, so that whoever is killed in the middle does it again.
  chownSync(directory, owner, owner);
}
