// What `npm test` says at its end: what passed and failed, and where the time went.
import { relative } from 'node:path';
import { root } from './run.mjs';

const SLOWEST = 12;
const MESSAGE_LINES = 25; // of what one failed test said; all of it stands where it ran
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** @typedef {{ test: string, message: string }} Failure */
/** @typedef {{ passed: number, failed: number, files: { file: string, milliseconds: number }[], failures: Failure[], flaky?: Failure[] }} Outcome */

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
  const failures = report.testResults.flatMap((file) => {
    const tests = file.assertionResults.filter(({ status }) => status === 'failed');
    const at = relative(root, file.name);
    if (broken.includes(file)) return [{ test: at, message: file.message }];
    return tests.map(({ fullName, failureMessages }) => ({ test: `${at} › ${fullName}`, message: failureMessages.join('\n') }));
  });
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length + skipped, files, failures };
}

/** @returns {Outcome} */
export function readPlaywright({ stats, errors, suites }) {
  if (stats.skipped > 0) console.log(`${stats.skipped} journeys did not run; a test that does not run fails`);
  const durations = (suite) => [
    ...suite.specs.flatMap(({ tests }) => tests.flatMap(({ results }) => results.map(({ duration }) => duration))),
    ...(suite.suites ?? []).flatMap(durations),
  ];
  const files = suites.map((suite) => ({
    file: `e2e/src/${suite.file}`,
    milliseconds: durations(suite).reduce((sum, each) => sum + each, 0),
  }));
  const failuresOf = (suite, counts) => [
    ...suite.specs.filter(counts).map(({ file, line, title, tests }) => ({
      test: `e2e/src/${file}:${line} › ${title}`,
      message: tests.flatMap(({ results }) => results.flatMap(({ errors: said }) => said.map(({ message }) => message))).join('\n'),
    })),
    ...(suite.suites ?? []).flatMap((inner) => failuresOf(inner, counts)),
  ];
  const across = (counts) => suites.flatMap((suite) => failuresOf(suite, counts));
  const failures = [...errors.map(({ message }) => ({ test: 'journeys', message })), ...across(({ ok }) => !ok)];
  const flaky = across(({ tests }) => tests.some(({ status }) => status === 'flaky'));
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + stats.skipped + errors.length, files, failures, flaky };
}

/** Collects outcomes while the stages run, in whatever order they end. */
export function createReport() {
  const began = performance.now();
  const lines = [];
  return {
    /** @param {string} stage @param {number} since of performance.now() @param {Partial<Outcome> & { failed: number }} outcome */
    add(stage, since, { passed = 0, failed, files = [], failures = [], flaky = [] }) {
      lines.push({ stage, began: since - began, seconds: (performance.now() - since) / 1000, passed, failed, files, failures, flaky });
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
      const tell = (verdict, { test, message }) => {
        const said = message.replaceAll(COLOURS, '').trim().split('\n').slice(0, MESSAGE_LINES);
        console.log(`\n${verdict}: ${test}\n  ${said.join('\n  ')}`);
      };
      for (const each of lines.flatMap((line) => line.flaky)) tell('passed only when run again', each);
      for (const each of lines.flatMap((line) => line.failures)) tell('failed', each);
      console.log(`\n${Math.round((performance.now() - began) / 1000)} s in all`);
      for (const { stage, failed } of lines) if (failed > 0) console.log(`${stage}: ${failed} failed`);
      console.log(`${total('passed')} passed, ${total('failed')} failed`);
      return total('failed') === 0 && total('passed') > 0;
    },
  };
}
