// Makes a fresh clone able to run: checks Node and installs the packages of the lock file. Plain Node, no dependency.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { step } from './progress.mjs';
import { npm, root, run } from './run.mjs';

/** Of each line with long-term support, the first release that the locked packages which are used run on. */
const OLDEST_OF_LINE = { 20: 19, 22: 13, 24: 0 };
const NEWEST_LINE = 24; // what comes after it is taken on trust

/** @throws {Error} with what to do, when the project does not run on this Node */
export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > NEWEST_LINE || minor >= OLDEST_OF_LINE[major]) return;
  throw new Error(
    `Node 20.19, 22.13 or 24 (or later of these) is needed, this is ${version}. See https://nodejs.org or your version manager.`,
  );
}

/** The first line of `npm start`: which Node it runs on, and what there is to say about that one. */
export function describeNode(version = process.versions.node) {
  const line = `Node ${version}`;
  return version.startsWith('20.') ? `${line}, which gets no more fixes since April 2026; 22 and 24 do` : line;
}

const readLock = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/**
 * Whether node_modules holds what the lock file says. Compared by content, not by date: a checkout changes the lock
 * file's date without changing a package. Optional packages are those of other platforms, so they may be absent.
 */
function isInstalled(folder = root) {
  const record = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readLock(record);
  return Object.entries(readLock(join(folder, 'package-lock.json')))
    .filter(([path, wanted]) => path.startsWith('node_modules/') || path.includes('/node_modules/') || wanted.link)
    .filter(([path, wanted]) => !wanted.optional || installed[path])
    .every(([path, wanted]) => installed[path]?.version === wanted.version && existsSync(join(folder, path)));
}

export async function ensureInstalled() {
  if (isInstalled()) return;
  await step('install the packages of package-lock.json', () => run(npm('ci', '--no-audit', '--no-fund')));
}
