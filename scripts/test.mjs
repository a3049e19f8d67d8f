#!/usr/bin/env node
// `npm test`: everything, on a bare Debian with nothing but Node. Installs what is missing, then checks, unit and
// integration tests, build, browser journeys and crash tests. Two cores are the machine: what waits for servers runs beside
// what computes, at most two at a time. No stage is left out silently; the last line is `N passed, N failed` over all.
// For a part of it: npm test -- --only check,unit,build,e2e,crash
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { ensureDebianPackages } from './debian.mjs';
import { ensureInstalled, requireNode } from './install.mjs';
import { startInstance } from './instance.mjs';
import { keepInMemory } from './memory-folder.mjs';
import { step } from './progress.mjs';
import { nodeProgram, npm, root, run } from './run.mjs';
import { createReport, readPlaywright, readVitest } from './test-report.mjs';

const STAGE_MILLISECONDS = 60 * 60_000; // a stage that hangs is a failure, not a wait for ever; a busy machine is neither
const CRASH_TESTS = 'crash'; // the project of vitest.config.ts

const forget = keepInMemory();
const results = mkdtempSync(join(tmpdir(), 'hostmaster-test-results-'));
const report = createReport();

/** One thing that either holds or not, such as the linter. */
async function single(name, work) {
  const since = performance.now();
  try {
    await step(name, work);
    report.add(name, since, { passed: 1, failed: 0 });
    return true;
  } catch (error) {
    console.log(error.message);
    report.add(name, since, { failed: 1, failures: [{ test: name, message: error.message }] });
    return false;
  }
}

/** Runs a test runner that writes a JSON report, whose counts it adds; a runner without a report is itself a failure. */
async function runner(name, reportFile, command, options, read) {
  const since = performance.now();
  let complaint;
  try {
    await step(name, () => run(command, { timeout: STAGE_MILLISECONDS, ...options }));
  } catch (error) {
    complaint = error;
  }
  let outcome = { passed: 0, failed: 0 };
  try {
    outcome = read(JSON.parse(readFileSync(reportFile, 'utf8')));
  } catch (error) {
    complaint ??= error;
  }
  if (complaint && (outcome.failed === 0 || !options.show)) console.log(complaint.message);
  if (complaint && outcome.failed === 0) outcome.failed = 1;
  if (outcome.passed + outcome.failed === 0) {
    console.log(`${name}: no test ran`);
    outcome.failed = 1;
  }
  report.add(name, since, outcome);
}

function vitest(name, options, ...args) {
  const file = join(results, `${name.replaceAll(/\W+/g, '-')}.json`);
  const command = nodeProgram('vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args);
  return runner(name, file, command, options, readVitest);
}

const checks = (...scripts) => scripts.map((script) => () => single(`check: ${script}`, () => run(npm('run', '--silent', script))));

async function journeys() {
  let instance;
  if (!(await single('start an instance', async () => (instance = await startInstance())))) return;
  try {
    // What holds up the worker of the instance goes first, alone: it mostly waits, which costs the crash tests beside it nothing.
    for (const projects of [['no worker'], ['long', 'journeys']]) {
      const name = `browser: ${projects.join(' and ')}`;
      const file = join(results, `${name.replaceAll(/\W+/g, '-')}.json`);
      const env = { ...process.env, HOSTMASTER_START_JSON: instance.announcement, PLAYWRIGHT_JSON_OUTPUT_FILE: file };
      const command = nodeProgram(
        '@playwright/test/cli.js',
        'test',
        '--reporter=list,json',
        '--no-deps',
        ...projects.map((project) => `--project=${project}`),
      );
      await runner(name, file, command, { cwd: join(root, 'e2e'), env, show: true }, readPlaywright);
    }
  } finally {
    await single('stop the instance', instance.stop);
  }
}

/**
 * One after the other; within each, the lanes side by side, one entry of a lane after the other. The types come first and
 * alone: checking them writes the database client anew, which every test imports. The journeys need what is built.
 */
const plan = [
  [{ part: 'check', lane: checks('typecheck') }],
  [
    { part: 'check', lane: checks('lint', 'boundaries', 'unused', 'documents') },
    { part: 'unit', lane: [() => vitest('unit and integration tests', { show: true }, `--project=!${CRASH_TESTS}`)] },
  ],
  [{ part: 'build', lane: [() => single('build', () => ensureBuilt())] }],
  [
    { part: 'e2e', lane: [journeys] },
    { part: 'crash', lane: [() => vitest('crash tests', {}, `--project=${CRASH_TESTS}`)] },
  ],
];
const parts = [...new Set(plan.flat().map(({ part }) => part))];

function readFlags() {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const chosen = values.only?.split(',') ?? parts;
  const unknown = chosen.filter((name) => !parts.includes(name));
  if (unknown.length > 0) throw new Error(`--only knows ${parts.join(', ')}; not ${unknown.join(', ')}`);
  return chosen;
}

async function prepare(chosen) {
  requireNode();
  await ensureInstalled();
  if (chosen.some((name) => name !== 'check' && name !== 'build')) await ensureDebianPackages();
  const usesBuilt = chosen.includes('e2e') || chosen.includes('crash');
  await ensureBuilt({ clientOnly: !usesBuilt || chosen.includes('build') });
}

process.env.NEXT_TELEMETRY_DISABLED = '1';
process.env.TURBO_TELEMETRY_DISABLED = '1';
const since = performance.now();
try {
  const chosen = readFlags();
  await prepare(chosen);
  report.add('preparation', since, { failed: 0 });
  for (const phase of plan) {
    const lanes = phase.filter(({ part }) => chosen.includes(part));
    await Promise.all(
      lanes.map(async ({ lane }) => {
        for (const entry of lane) await entry();
      }),
    );
  }
} catch (error) {
  console.log(error.message);
  report.add('preparation', since, { failed: 1 });
}
rmSync(results, { recursive: true, force: true });
forget();
process.exit(report.finish() ? 0 : 1);
