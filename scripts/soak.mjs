#!/usr/bin/env node
// `npm run soak`: the proofs by repetition, with the same assertions as in `npm test` and far more rounds: 1,000 kills of the
// worker, a million mutated messages. Before a release, and before a change of their ground is called done. Takes hours.
// For some of it: npm run soak -- crash wire
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureDebianPackages } from './debian.mjs';
import { ensureInstalled, requireNode } from './install.mjs';
import { nodeProgram, root, run } from './run.mjs';

const SOAK_MILLISECONDS = 24 * 60 * 60_000;

/** Those that say how often they repeat (packages/core/src/testing/soak.ts), by the parts of a path that are asked for. */
function findSuites(parts) {
  return ['packages', 'apps']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(parent, name, 'src')))
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.test.ts') && /from '.*\/testing\/soak(\.ts)?'/.test(readFileSync(join(root, file), 'utf8')))
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)));
}

try {
  requireNode();
  const suites = findSuites(process.argv.slice(2));
  if (suites.length === 0) throw new Error(`No suite of the soak has ${process.argv.slice(2).join(' or ')} in its path.`);
  console.log(suites.join('\n'));
  await ensureInstalled();
  await ensureDebianPackages();
  await ensureBuilt();
  // One after the other: what is measured against a clock, such as a lease, shall not wait for another's million.
  const command = nodeProgram('vitest/vitest.mjs', 'run', '--no-file-parallelism', `--testTimeout=${SOAK_MILLISECONDS}`, ...suites);
  await run(command, { env: { ...process.env, HOSTMASTER_SOAK: '1' }, show: true, timeout: SOAK_MILLISECONDS });
} catch (error) {
  console.error(`\n${error.message}`);
  process.exit(1);
}
