// Node releases out of npm's packages, which carry the same binaries as nodejs.org: for the suite under each supported
// release, and for the base image where no image registry answers.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from './cache.mjs';
import { npmPackage } from './npm-package.mjs';

/** Every line that the project runs on, with the release that it is tested on: the floor of 20, the newest of the others. */
export const NODE_RELEASES = { 20: '20.19.0', 22: '22.23.3', 24: '24.21.0' };

// As the package `node` chooses in its install script, which npm runs only where scripts are allowed.
function packageOfPlatform() {
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${process.platform}-${process.arch}`;
}

/**
 * @param {string} line such as "24"
 * @returns {Promise<string>} the path of its binary `node`
 * @throws {Error} for a line that is not supported, or with what npm said
 */
export async function nodeRelease(line) {
  const version = Object.hasOwn(NODE_RELEASES, line) ? NODE_RELEASES[line] : undefined;
  if (version === undefined)
    throw new Error(`Node ${line} is not among ${Object.keys(NODE_RELEASES).join(', ')}, which the project runs on.`);
  const packaged = await npmPackage(`Node ${version}`, cacheFolder('node', version), packageOfPlatform(), version);
  const { bin } = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8'));
  return join(packaged, bin.node);
}

/** The environment in which `node` is the binary that is given, also for everything that npm starts. */
export function withNode(node, env = process.env) {
  // What npm hands on to its scripts is dropped: with it the inner npm would believe to be the outer one, and with its prefix
  // `npm exec` would find the outer one's Node first. Settings of the user stay.
  const handedOn = /^npm_(?!config_)|^npm_config_(global_)?prefix$/;
  const kept = Object.entries(env).filter(([name]) => !handedOn.test(name));
  return { ...Object.fromEntries(kept), PATH: `${dirname(node)}:${env.PATH}` };
}
