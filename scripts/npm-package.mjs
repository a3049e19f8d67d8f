// One package of npm in a version, kept in the project's cache and apart from what the project itself installs.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { step } from './progress.mjs';
import { npm, run } from './run.mjs';

/**
 * Installs `name@version` below `folder` if it is not there.
 * @param {string} title what is fetched, as a reader knows it
 * @returns {Promise<string>} the package's folder
 * @throws {Error} with what npm said
 */
export async function npmPackage(title, folder, name, version) {
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    try {
      await step(`fetch ${title}`, () =>
        run(npm('install', '--prefix', unfinished, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`), {
          cwd: unfinished,
        }),
      );
      // Whoever was first has put the same there.
      if (!existsSync(folder)) renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return join(folder, 'node_modules', name);
}
