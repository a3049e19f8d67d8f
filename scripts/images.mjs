#!/usr/bin/env node
// `npm run images`: builds the images of the Dockerfiles and runs them for real, also where no image registry answers: on a base
// made of Debian's packages and Node's npm package, by buildah, which needs no daemon. They are run as in docker-compose.yml: the
// migration and the rights first, then worker and portal under their own roles, against a PostgreSQL and a Redis of this machine.
// Needs root, for the changes of root directory that a build without a daemon takes.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheFolder } from './cache.mjs';
import { ensureDebianPackages } from './debian.mjs';
import { ensureInstalled, requireNode } from './install.mjs';
import { NODE_RELEASES, nodeRelease } from './node-release.mjs';
import { step } from './progress.mjs';
import { nodeProgram, npm, root, run } from './run.mjs';

const LINE = '24';
const SUITE = 'bookworm';
const base = `localhost/hostmaster-base:${NODE_RELEASES[LINE]}`;
const image = (name) => `localhost/hostmaster-${name}`;
const isolation = ['--isolation', 'chroot'];

const buildah = (...args) => run(['buildah', ...args], { timeout: 30 * 60_000 });
const exists = (name) => buildah('inspect', '--type', 'image', name).then(
  () => true,
  () => false,
);

/** What `node:24-bookworm-slim` is to the Dockerfiles: Debian, Node with npm, and a user called node. */
async function makeBase() {
  if (await exists(base)) return;
  const tree = cacheFolder('images', SUITE);
  if (!existsSync(join(tree, 'etc', 'debian_version'))) {
    mkdirSync(dirname(tree), { recursive: true });
    await step(`bootstrap Debian ${SUITE}`, () => run(['debootstrap', '--variant=minbase', '--include=ca-certificates', SUITE, tree, mirror()]));
  }
  const node = await nodeRelease(LINE);
  const container = (await buildah('from', 'scratch')).trim();
  try {
    await step('make the base image', async () => {
      await buildah('copy', container, tree, '/');
      await buildah('copy', '--chmod', '755', container, node, '/usr/local/bin/node');
      await buildah('copy', container, npmFolder(), '/usr/local/lib/node_modules/npm');
      await buildah('run', ...isolation, container, '--', 'sh', '-c', 'ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx && useradd --uid 1000 --create-home node');
      await buildah('commit', container, base);
    });
  } finally {
    await buildah('rm', container);
  }
}
