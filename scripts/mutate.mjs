#!/usr/bin/env node
// `npm run mutate`: whether the tests of core bite. Stryker changes the code in one place at a time and runs the tests that
// reach that place; a change that no test notices survives. Each area has a floor below which the command fails. What was
// noticed and is unchanged since the last run is not tried again; the report is in .mutation/.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, requireNode } from './install.mjs';
import { root } from './run.mjs';

const core = 'packages/core/src';
/** By name: what is changed, and how much of it the tests must notice, in percent. */
const AREAS = {
  'plan-safety': { files: [`${core}/dns/plan-safety.ts`], floor: 98 },
  authorize: { files: [`${core}/policy/authorize.ts`], floor: 98 },
  plan: {
    files: [`${core}/dns/*.ts`, `!${core}/dns/plan-safety.ts`, `!${core}/dns/provider-{conformance,writes,refuses,bench}.ts`],
    floor: 90,
  },
  request: { files: [`${core}/request/**/*.ts`], floor: 90 },
  acme: { files: [`${core}/acme/**/*.ts`], floor: 90 },
  pki: { files: [`${core}/pki/**/*.ts`, `!${core}/pki/**/*conformance.ts`, `!${core}/pki/testing/**`], floor: 90 },
  policy: { files: [`${core}/policy/**/*.ts`, `!${core}/policy/authorize.ts`, `!${core}/policy/testing/**`], floor: 90 },
  endpoint: { files: [`${core}/endpoint/**/*.ts`, `!${core}/endpoint/testing/**`], floor: 90 },
};
const NOTICED = new Set(['Killed', 'Timeout', 'RuntimeError']);
const TRIED = new Set([...NOTICED, 'Survived', 'NoCoverage']);

const usage = `npm run mutate -- [--force] [AREA…]

  Areas: ${Object.entries(AREAS)
    .map(([name, { floor }]) => `${name} (${floor} %)`)
    .join(', ')}; all of them without a name.
  --force   try again what is unchanged, too`;

const settings = {
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutate.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner', join(root, 'scripts', 'mutate-texts.mjs')],
  ignorers: ['texts'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 30_000,
  ignorePatterns: ['**', '!packages/core/**/*', '!package.json', '!tsconfig.json', '!vitest.mutate.config.ts'],
  tempDirName: '.mutation/sandbox',
  reporters: ['progress-append-only', 'html'],
  logLevel: 'warn',
  // A table that is made when its module is loaded is changed for every test; our tables are what matters most.
  warnings: { slow: false },
};

/** What survived is tried again: Stryker would keep it where it cannot tell which tests reach it, and a test may have been written since. */
function forgetSurvivors(incrementalFile) {
  if (!existsSync(incrementalFile)) return;
  const report = JSON.parse(readFileSync(incrementalFile, 'utf8'));
  for (const file of Object.values(report.files)) file.mutants = file.mutants.filter(({ status }) => NOTICED.has(status));
  writeFileSync(incrementalFile, JSON.stringify(report));
}

/** By file: how many changes were tried and how many were noticed; those that were not are printed. */
async function mutate(name, patterns, force) {
  const { Stryker } = await import('@stryker-mutator/core');
  const folder = join(root, '.mutation', name);
  mkdirSync(folder, { recursive: true });
  const incrementalFile = join(folder, 'incremental.json');
  forgetSurvivors(incrementalFile);
  const stryker = new Stryker({
    ...settings,
    mutate: [...patterns, '!**/*.test.ts'],
    incremental: true,
    incrementalFile,
    force,
    htmlReporter: { fileName: join(folder, 'report.html') },
  });
  const files = new Map();
  for (const { status, fileName, location, mutatorName, replacement } of await stryker.runMutationTest()) {
    if (!TRIED.has(status)) continue;
    const file = relative(root, fileName);
    if (!NOTICED.has(status)) {
      const change = String(replacement).replaceAll(/\s+/g, ' ').slice(0, 100);
      console.log(`${status === 'Survived' ? 'unnoticed' : 'untested'}  ${file}:${location.start.line}  ${mutatorName}: ${change}`);
    }
    const { noticed, all } = files.get(file) ?? { noticed: 0, all: 0 };
    files.set(file, { noticed: noticed + (NOTICED.has(status) ? 1 : 0), all: all + 1 });
  }
  return files;
}

const percent = ({ noticed, all }) => (100 * noticed) / all;
const line = (name, score, remark = '') =>
  `${percent(score).toFixed(1).padStart(6)} %  ${`${score.noticed} of ${score.all}`.padStart(13)}  ${name}${remark}`;

/** Prints the score of each file, then the area's. @returns {boolean} whether it reaches its floor */
function reportArea(name, floor, files) {
  const scores = [...files.entries()].sort(([, one], [, other]) => percent(one) - percent(other));
  const total = { noticed: 0, all: 0 };
  for (const [file, score] of scores) {
    total.noticed += score.noticed;
    total.all += score.all;
    console.log(line(file, score));
  }
  const enough = total.all > 0 && percent(total) >= floor;
  console.log(line(name, total, `, at least ${floor} %${enough ? '' : ': TOO LITTLE'}\n`));
  return enough;
}

function readFlags() {
  const options = { force: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const unknown = positionals.filter((name) => !Object.hasOwn(AREAS, name));
  if (unknown.length > 0) throw new Error(`There is no area ${unknown.join(', ')}.\n\n${usage}`);
  return { ...values, areas: positionals.length > 0 ? positionals : Object.keys(AREAS) };
}

try {
  const { areas, force, help } = readFlags();
  if (help) {
    console.log(usage);
    process.exit(0);
  }
  requireNode();
  await ensureInstalled();
  let enough = true;
  for (const name of areas) {
    const { files, floor } = AREAS[name];
    enough = reportArea(name, floor, await mutate(name, files, force)) && enough;
  }
  process.exit(enough ? 0 : 1);
} catch (error) {
  console.error(`\n${error.message}`);
  process.exit(1);
}
