#!/usr/bin/env node
// `npm run images`: builds the images of docker-compose.yml from their Dockerfiles without any image registry, and runs
// them as compose would (deploy/run.images.test.ts); and starts a clone on a Debian that has nothing but Node
// (deploy/fresh-machine.images.test.ts). Needs root, as debootstrap and Buildah do. Before a release, and after a change of a
// Dockerfile, of docker-compose.yml or of what `npm start` needs. Nothing of it stays but the base and what npm fetched, in
// the cache. For one of the two: npm run images -- fresh-machine
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { buildah, images } from './buildah.mjs';
import { ensureDebianPackages } from './debian.mjs';
import { ensureBase } from './image-base.mjs';
import { ensureInstalled, requireNode } from './install.mjs';
import { npmVolumes } from './npm-volumes.mjs';
import { step } from './progress.mjs';
import { nodeProgram, root, run } from './run.mjs';

const BUILD_MILLISECONDS = 60 * 60_000;
const RUN_MILLISECONDS = 90 * 60_000;

const FRESH_MACHINE = 'fresh-machine';
const RUN_IMAGES = 'run';

/** What each is built from; the worker's is built before the portal's, which uses its first layers again. */
const builds = {
  [images.migrate]: ['--file', 'apps/worker/Dockerfile', '--target', 'migrate'],
  [images.worker]: ['--file', 'apps/worker/Dockerfile'],
  [images.web]: ['--file', 'apps/web/Dockerfile'],
};

async function build(base) {
  const folder = mkdtempSync(join(tmpdir(), 'hostmaster-images-'));
  try {
    const volumes = (await npmVolumes(folder)).flatMap((volume) => ['--volume', volume]);
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

function readSuites() {
  const wanted = process.argv.slice(2);
  const known = [RUN_IMAGES, FRESH_MACHINE];
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`npm run images knows ${known.join(' and ')}; not ${unknown.join(', ')}`);
  return wanted.length === 0 ? known : wanted;
}

try {
  requireNode();
  const suites = readSuites();
  if (process.getuid?.() !== 0) throw new Error('npm run images makes a Debian and builds images, for which it must be run as root.');
  await ensureInstalled();
  await ensureDebianPackages(['buildah', 'debootstrap', 'redis-server', 'postgresql-client']);
  await ensureBuilt({ clientOnly: true });
  const base = await ensureBase();
  try {
    if (suites.includes(RUN_IMAGES)) await build(base);
    for (const { names, size } of await imagesHere()) if (names) console.log(`  ${names.join(', ')}: ${size}`);
    const command = nodeProgram('vitest/vitest.mjs', 'run', '--config', 'vitest.images.config.ts');
    command.push(...suites.map((name) => `deploy/${name}.images.test.ts`));
    await step('run what was built', () => run(command, { show: true, timeout: RUN_MILLISECONDS }));
  } finally {
    await step('remove the images', () => removeAllBut(base));
  }
} catch (error) {
  console.error(`\n${error.message}`);
  process.exit(1);
}
