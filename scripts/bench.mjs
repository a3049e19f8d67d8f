#!/usr/bin/env node
// `npm run bench`: the figures of the project, measured here. Plain Node up to the hand-over, as `npm start` is; what is
// measured, and beside what, is in bench/src.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, requireNode } from './install.mjs';
import { startInstance } from './instance.mjs';
import { root } from './run.mjs';

const usage = `npm run bench -- [--save] [policy] [update] [ca] [ocsp] [request] [fairness] [pages] [zone]

  Measures those that are named, or all but zone, and prints a table for each; takes less than fourteen minutes once all is built.
  pages fills a database with a million certificates, and wants 4 GB of disk.
  zone connects zones of 300,000 and of a million records, and takes minutes.
  --save   writes bench/results/<date>.md as well
  --help   this text

update and zone need the Debian packages bind9 and bind9-dnsutils, ca and ocsp need openssl.`;

try {
  const options = { save: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  requireNode();
  await ensureInstalled();
  if (positionals.length === 0 || ['request', 'fairness', 'zone'].some((name) => positionals.includes(name))) await ensureBuilt();
  const { register } = await import('tsx/esm/api');
  register();
  const { runBenches } = await import('../bench/src/main.ts');
  const complete = await runBenches({ names: positionals, saveIn: values.save ? join(root, 'bench', 'results') : null, startInstance });
  process.exit(complete ? 0 : 1);
} catch (error) {
  console.error(`\n${error.message}\n\n${usage}`);
  process.exit(1);
}
