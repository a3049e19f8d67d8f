#!/usr/bin/env node
// `npm test`: everything, on a bare Debian with nothing but Node. Installs what is missing, then checks, unit and
// integration tests, build, browser journeys and crash tests, one after the other, because each of them fills two cores.
// No stage is left out silently; the last line is `N passed, N failed` over all of them.
// For a part of it: npm test -- --only check,unit,build,e2e,crash
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { ensureDebianPackages } from './debian.mjs';
import { ensureInstalled, requireNode } from './install.mjs';
import { startInstance } from './instance.mjs';
import { step } from './progress.mjs';
import { nodeProgram, npm, root, run } from './run.mjs';

const STAGE_MILLISECONDS = 12 * 60_000; // a stage that hangs is a failure, not a wait for ever
const CRASH_TESTS = 'crash';

const results = mkdtempSync(join(tmpdir(), 'hostmaster-test-results-'));
const total = { passed: 0, failed: 0 };
const failures = [];

function count(passed, failed, stage) {
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) failures.push(`${stage}: ${failed} failed`);
}

/** One thing that either holds or not, such as the linter. */
async function single(name, work) {
  try {
    await step(name, work);
    count(1, 0, name);
    return true;
  } catch (error) {
    console.log(error.message);
    count(0, 1, name);
    return false;
  }
}

/** Runs a test runner that writes a JSON report, whose counts it adds; a runner without a report is itself a failure. */
async function runner(name, reportFile, command, options, read) {
  let complaint;
  try {
    await step(name, () => run(command, { show: true, timeout: STAGE_MILLISECONDS, ...options }));
  } catch (error) {
    complaint = error;
  }
  let counts = { passed: 0, failed: 0 };
  try {
    counts = read(JSON.parse(readFileSync(reportFile, 'utf8')));
  } catch (error) {
    complaint ??= error;
  }
  if (complaint && counts.failed === 0) {
    console.log(complaint.message);
    counts.failed = 1;
  }
  if (counts.passed + counts.failed === 0) {
    console.log(`${name}: no test ran`);
    counts.failed = 1;
  }
  count(counts.passed, counts.failed, name);
}

/** A file that could not be loaded has no failed test in it, and is counted as one; so is a skipped test. */
function vitestCounts(report) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  );
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) console.log(`${skipped} tests did not run; a test that does not run fails`);
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length + skipped };
}

function playwrightCounts({ stats, errors }) {
  if (stats.skipped > 0) console.log(`${stats.skipped} journeys did not run; a test that does not run fails`);
  for (const { message } of errors) console.log(message);
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped + errors.length };
}

function vitest(name, ...args) {
  const report = join(results, `${name.replaceAll(/\W+/g, '-')}.json`);
  const command = nodeProgram('vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args);
  return runner(name, report, command, {}, vitestCounts);
}

const stages = {
  check: async () => {
    for (const script of ['lint', 'typecheck', 'boundaries', 'unused', 'documents'])
      await single(`check: ${script}`, () => run(npm('run', '--silent', script)));
  },
  unit: () => vitest('unit and integration tests', '--exclude', `**/${CRASH_TESTS}*.test.ts`),
  build: () => single('build', () => ensureBuilt()),
  e2e: async () => {
    const name = 'browser journeys';
    let instance;
    if (!(await single('start an instance', async () => (instance = await startInstance())))) return;
    try {
      const report = join(results, 'playwright.json');
      const env = { ...process.env, HOSTMASTER_START_JSON: instance.announcement, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
      const command = nodeProgram('@playwright/test/cli.js', 'test', '--reporter=list,json');
      await runner(name, report, command, { cwd: join(root, 'e2e'), env }, playwrightCounts);
    } finally {
      await single('stop the instance', instance.stop);
    }
  },
  crash: () => vitest('crash tests', `/${CRASH_TESTS}`),
};

function readFlags() {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const chosen = values.only?.split(',') ?? Object.keys(stages);
  const unknown = chosen.filter((name) => !Object.hasOwn(stages, name));
  if (unknown.length > 0) throw new Error(`--only knows ${Object.keys(stages).join(', ')}; not ${unknown.join(', ')}`);
  return Object.keys(stages).filter((name) => chosen.includes(name));
}

process.env.NEXT_TELEMETRY_DISABLED = '1';
process.env.TURBO_TELEMETRY_DISABLED = '1';
const began = performance.now();
try {
  const chosen = readFlags();
  requireNode();
  await ensureInstalled();
  if (chosen.some((name) => name !== 'check' && name !== 'build')) await ensureDebianPackages();
  await ensureBuilt({ clientOnly: !chosen.includes('e2e') || chosen.includes('build') });
  for (const name of chosen) await stages[name]();
} catch (error) {
  console.log(error.message);
  count(0, 1, 'preparation');
}
rmSync(results, { recursive: true, force: true });
console.log(`\n${Math.round((performance.now() - began) / 1000)} s in all`);
for (const failure of failures) console.log(failure);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
