// What `npm test` says at its end: what passed and failed, and where the time went.
import { relative } from 'node:path';
import { root } from './run.mjs';

const SLOWEST = 12;

/** @typedef {{ passed: number, failed: number, files: { file: string, milliseconds: number }[] }} Outcome */

/** A file that could not be loaded has no failed test in it, and is counted as one; so is a skipped test. @returns {Outcome} */
export function readVitest(report) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  );
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) console.log(`${skipped} tests did not run; a test that does not run fails`);
  const files = report.testResults.map(({ name, startTime, endTime }) => ({
    file: relative(root, name),
    milliseconds: endTime - startTime,
  }));
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length + skipped, files };
}

/** @returns {Outcome} */
export function readPlaywright({ stats, errors, suites }) {
  if (stats.skipped > 0) console.log(`${stats.skipped} journeys did not run; a test that does not run fails`);
  for (const { message } of errors) console.log(message);
  const durations = (suite) => [
    ...suite.specs.flatMap(({ tests }) => tests.flatMap(({ results }) => results.map(({ duration }) => duration))),
    ...(suite.suites ?? []).flatMap(durations),
  ];
  const files = suites.map((suite) => ({
    file: `e2e/src/${suite.file}`,
    milliseconds: durations(suite).reduce((sum, each) => sum + each, 0),
  }));
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped + errors.length, files };
}

/** Collects outcomes while the stages run, in whatever order they end. */
export function createReport() {
  const began = performance.now();
  const lines = [];
  return {
    /** @param {string} stage @param {number} since of performance.now() @param {Partial<Outcome> & { failed: number }} outcome */
    add(stage, since, { passed = 0, failed, files = [] }) {
      lines.push({ stage, began: since - began, seconds: (performance.now() - since) / 1000, passed, failed, files });
    },
    /** Prints all of it. @returns {boolean} whether something ran and nothing failed */
    finish() {
      const seconds = (value) => value.toFixed(1).padStart(8);
      const total = (key) => lines.reduce((sum, line) => sum + line[key], 0);
      console.log('\nwhere the time went\n\n   begins    takes   tests');
      for (const line of lines.sort((one, other) => one.began - other.began))
        console.log(
          `${seconds(line.began / 1000)} ${seconds(line.seconds)} ${String(line.passed + line.failed).padStart(7)}  ${line.stage}`,
        );
      const files = lines.flatMap((line) => line.files).sort((one, other) => other.milliseconds - one.milliseconds);
      if (files.length > 0) console.log('\nslowest files\n');
      for (const { file, milliseconds } of files.slice(0, SLOWEST)) console.log(`${seconds(milliseconds / 1000)}  ${file}`);
      console.log(`\n${Math.round((performance.now() - began) / 1000)} s in all`);
      for (const { stage, failed } of lines) if (failed > 0) console.log(`${stage}: ${failed} failed`);
      console.log(`${total('passed')} passed, ${total('failed')} failed`);
      return total('failed') === 0 && total('passed') > 0;
    },
  };
}
