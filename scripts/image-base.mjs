// The base of the images where no image registry answers: Debian by debootstrap, with Node and npm out of npm's packages.
// It holds no more than node:24-bookworm-slim does (no OpenSSL, no CA certificates), or it would hide what is missing there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { baseImage, buildah } from './buildah.mjs';
import { cacheFolder } from './cache.mjs';
import { NODE_RELEASES, nodeRelease } from './node-release.mjs';
import { npmPackage } from './npm-package.mjs';
import { step } from './progress.mjs';
import { root, run } from './run.mjs';

const DEBIAN = 'bookworm';
const DEBOOTSTRAP_MILLISECONDS = 30 * 60_000;

/** Where this machine gets the release from; undefined says debootstrap's own default. */
function mirror() {
  const wanted = ['Created-By: Packages', `Codename: ${DEBIAN}`, 'Origin: Debian', 'Component: main'];
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)', ...wanted], { encoding: 'utf8' });
  return stdout?.split('\n').find((uri) => uri !== '');
}

/** The files of a minimal Debian, made once. */
async function debianTree() {
  const folder = cacheFolder('images', DEBIAN);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  const from = mirror();
  try {
    await step(`make a minimal Debian ${DEBIAN}`, () =>
      // What it mounts in there ends with it, also when it is killed: the folder is removed with all that is in it.
      run(['unshare', '--mount', 'debootstrap', '--variant=minbase', DEBIAN, unfinished, ...(from ? [from] : [])], {
        timeout: DEBOOTSTRAP_MILLISECONDS,
      }),
    );
    for (const leftover of ['var/cache/apt/archives', 'var/lib/apt/lists'])
      for (const name of readdirSync(join(unfinished, leftover))) rmSync(join(unfinished, leftover, name), { recursive: true });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** The version that package.json pins. */
function npmRelease() {
  const [name, version] = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager.split('@');
  return npmPackage(`npm ${version}`, cacheFolder('npm', version), name, version);
}

// As the image `node` has it: the account `node` with the number 1000, and npm on the path.
const finish = `
ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
groupadd --gid 1000 node
useradd --uid 1000 --gid node --shell /bin/bash --create-home node`;

/**
 * Makes the base if it is not there.
 * @returns {Promise<string>} its name
 */
export async function ensureBase() {
  const line = readFileSync(join(root, '.nvmrc'), 'utf8').trim();
  const image = baseImage(NODE_RELEASES[line]);
  if ((await buildah(['images', '--quiet', '--filter', `reference=${image}`])) !== '') return image;
  const sources = [
    [await debianTree(), '/'],
    [await nodeRelease(line), '/usr/local/bin/node'],
    [await npmRelease(), '/usr/local/lib/node_modules/npm'],
  ];
  await step(`build ${image}`, async () => {
    const container = await buildah(['from', 'scratch']);
    for (const [from, to] of sources) await buildah(['copy', '--quiet', container, from, to]);
    await buildah(['run', container, '--', 'sh', '-euc', finish]);
    await buildah(['commit', '--quiet', '--rm', container, image]);
  });
  return image;
}
