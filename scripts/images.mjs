#!/usr/bin/env node
// `npm run images`: builds the images of docker-compose.yml from their Dockerfiles without any image registry, and runs
// them as compose would (deploy/run.images.test.ts). Needs root, as debootstrap and Buildah do. Before a release, and after
// a change of a Dockerfile or of docker-compose.yml. Nothing of it stays but the base and what npm fetched, in the cache.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { buildah, images } from './buildah.mjs';
import { cacheFolder } from './cache.mjs';
import { ensureDebianPackages } from './debian.mjs';
import { ensureBase } from './image-base.mjs';
import { ensureInstalled, requireNode } from './install.mjs';
import { step } from './progress.mjs';
import { nodeProgram, npm, root, run } from './run.mjs';

const BUILD_MILLISECONDS = 60 * 60_000;
const RUN_MILLISECONDS = 30 * 60_000;

/** What each is built from; the first builds what the second needs too, and its layers are used again. */
const builds = {
  [images.migrate]: ['--file', 'apps/worker/Dockerfile', '--target', 'migrate'],
  [images.worker]: ['--file', 'apps/worker/Dockerfile'],
  [images.web]: ['--file', 'apps/web/Dockerfile'],
};

/**
 * The registry that npm uses here and the authorities that it believes, mounted while the images are built and in none of
 * them, as is a folder for what npm fetches.
 * @param {string} folder for the file, which may name a host that is nobody's business
 */
async function npmVolumes(folder) {
  const settings = (await run(npm('config', 'get', 'registry', 'cafile'))).split('\n').filter((line) => /=(?!null$)./.test(line));
  const file = join(folder, 'npmrc');
  writeFileSync(file, settings.join('\n'), { mode: 0o600 });
  const authorities = settings.find((line) => line.startsWith('cafile='))?.slice('cafile='.length);
  const fetched = cacheFolder('images', 'npm');
  mkdirSync(fetched, { recursive: true });
  const readOnly = [`${file}:/root/.npmrc:ro`, ...(authorities ? [`${authorities}:${authorities}:ro`] : [])];
  return [...readOnly, `${fetched}:/root/.npm`].flatMap((volume) => ['--volume', volume]);
}

async function build(base) {
  const folder = mkdtempSync(join(tmpdir(), 'hostmaster-images-'));
  try {
    const volumes = await npmVolumes(folder);
    // Docker's own format: the other one has no health check.
    const how = ['--format', 'docker', '--layers', '--pull=never', '--network', 'host', '--build-arg', `BASE=${base}`];
    for (const [image, args] of Object.entries(builds))
      await step(`build ${image}`, () =>
        buildah(['build', ...how, ...volumes, ...args, '--tag', image, root], { timeout: BUILD_MILLISECONDS }),
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const imagesHere = async () => JSON.parse(await buildah(['images', '--json']));

/** Also what an earlier run left that was killed. */
async function removeAllBut(base) {
  await buildah(['rm', '--all']);
  const others = (await imagesHere()).filter(({ names }) => names && !names.includes(base)).map(({ id }) => id);
  if (others.length > 0) await buildah(['rmi', '--force', ...others]);
  await buildah(['rmi', '--prune', '--force']);
}

try {
  requireNode();
  if (process.getuid?.() !== 0) throw new Error('npm run images makes a Debian and builds images, for which it must be run as root.');
  await ensureInstalled();
  await ensureDebianPackages(['buildah', 'debootstrap', 'redis-server', 'postgresql-client']);
  await ensureBuilt({ clientOnly: true });
  const base = await ensureBase();
  try {
    await build(base);
    for (const { names, size } of await imagesHere()) if (names) console.log(`  ${names.join(', ')}: ${size}`);
    const command = nodeProgram('vitest/vitest.mjs', 'run', '--config', 'vitest.images.config.ts');
    await step('run the images', () => run(command, { show: true, timeout: RUN_MILLISECONDS }));
  } finally {
    await step('remove the images', () => removeAllBut(base));
  }
} catch (error) {
  console.error(`\n${error.message}`);
  process.exit(1);
}
