// What npm needs inside a container of `npm run images`, mounted while it runs and part of no image.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache.mjs';
import { npm, run } from './run.mjs';

/**
 * The registry that npm uses here, the authorities that it believes, and a folder for what it fetches, for root.
 * @param {string} folder for a file that may name a host that is nobody's business
 * @returns {Promise<string[]>} as Buildah's `--volume` takes them
 */
export async function npmVolumes(folder) {
  const settings = (await run(npm('config', 'get', 'registry', 'cafile'))).split('\n').filter((line) => /=(?!null$)./.test(line));
  const file = join(folder, 'npmrc');
  writeFileSync(file, settings.join('\n'), { mode: 0o600 });
  const authorities = settings.find((line) => line.startsWith('cafile='))?.slice('cafile='.length);
  const fetched = cacheFolder('images', 'npm');
  mkdirSync(fetched, { recursive: true });
  return [`${file}:/root/.npmrc:ro`, ...(authorities ? [`${authorities}:${authorities}:ro`] : []), `${fetched}:/root/.npm`];
}
