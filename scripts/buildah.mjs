// Buildah with a store of its own in the project's cache: what it builds is seen by no other program of this machine. It
// chooses its storage itself: overlay, or whole copies where the kernel has none to give.
import { cacheFolder } from './cache.mjs';
import { run } from './run.mjs';

/** Of the images that are built here. `migrate` is a target of the worker's Dockerfile. */
export const images = {
  migrate: 'localhost/hostmaster-migrate',
  worker: 'localhost/hostmaster-worker',
  web: 'localhost/hostmaster-web',
};

/** Stands in for the image `node`, which no registry is asked for. @param {string} version of Node */
export const baseImage = (version) => `localhost/hostmaster-base:${version}`;

const store = () => ['--root', cacheFolder('images', 'store'), '--runroot', cacheFolder('images', 'run')];

/** The command line of one call. Isolation is `chroot`: processes see the image's files and the network of this machine. */
export const buildahCommand = (...args) => ['buildah', ...store(), ...args];

/**
 * @param {string[]} args
 * @param {{ timeout?: number }} [options]
 * @returns {Promise<string>} what it wrote, trimmed
 * @throws {Error} with that, when it fails
 */
export const buildah = async (args, options = {}) =>
  (await run(buildahCommand(...args), { ...options, env: { ...process.env, BUILDAH_ISOLATION: 'chroot' } })).trim();
