#!/usr/bin/env node
// `npm run interop`: every *.interop.test.ts, against programs of others that neither Debian nor npm has. A suite names
// what it needs in a line `// needs: name, name`; what is not there is built (interop-tools.mjs) or the suite is reported
// as not run, with the reason. Never needed by `npm start`, `npm test` or CI.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, requireNode } from './install.mjs';
import { startInstance } from './instance.mjs';
import { ensureTool, TOOLS, toolPath } from './interop-tools.mjs';
import { nodeProgram, root, run } from './run.mjs';

const SUITES_MILLISECONDS = 60 * 60_000;

const usage = `npm run interop -- [--only NAME,…]

  Runs every suite that can use what is there. What builds in minutes is built when it is missing; what takes longer is
  used when it is there, and built when it is named.
  --only   the suites that need one of these: ${Object.keys(TOOLS).join(', ')}
  --help   this text`;

/** @throws {Error} with the usage, for a flag that there is not */
function readFlags() {
  try {
    const { values } = parseArgs({ options: { only: { type: 'string' }, help: { type: 'boolean', default: false } } });
    const only = values.only?.split(',') ?? [];
    const unknown = only.filter((name) => !Object.hasOwn(TOOLS, name));
    if (unknown.length > 0) throw new Error(`--only knows no ${unknown.join(', ')}`);
    return { only, help: values.help };
  } catch (error) {
    throw new Error(`${error.message}\n\n${usage}`);
  }
}

/** @throws {Error} for a suite that names nothing, or something unknown: it would be run by nobody or fail for everybody */
function findSuites() {
  const workspaces = ['packages', 'apps'].flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(parent, name)));
  return [...workspaces, 'e2e']
    .map((workspace) => join(workspace, 'src'))
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.interop.test.ts'))
    .sort()
    .map((file) => {
      const needs = /^\/\/ needs: (.+)$/m.exec(readFileSync(join(root, file), 'utf8'))?.[1].split(', ') ?? [];
      const unknown = needs.filter((name) => !Object.hasOwn(TOOLS, name));
      if (needs.length === 0 || unknown.length > 0)
        throw new Error(
          `${file}: write "// needs: name, name" with names of scripts/interop-tools.mjs${unknown.length > 0 ? `, not ${unknown.join(', ')}` : ''}`,
        );
      return { file, needs };
    });
}

/**
 * By file: how many tests passed and failed. A file that could not be loaded, or has no test, has failed.
 * @param {{ file: string, needs: string[] }[]} suites
 */
async function runSuites(suites) {
  const instance = suites.some(({ needs }) => needs.includes('instance')) ? await startInstance() : null;
  const folder = mkdtempSync(join(tmpdir(), 'hostmaster-interop-'));
  const report = join(folder, 'report.json');
  const command = nodeProgram('vitest/vitest.mjs', 'run', '--config', 'vitest.interop.config.ts', '--reporter=default', '--reporter=json');
  try {
    // Its exit code says less than the report does.
    await run([...command, `--outputFile.json=${report}`, ...suites.map(({ file }) => file)], {
      env: { ...process.env, PATH: toolPath(), ...(instance && { HOSTMASTER_START_JSON: instance.announcement }) },
      show: true,
      timeout: SUITES_MILLISECONDS,
    }).catch(() => {});
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    return new Map(
      testResults.map(({ name, status, assertionResults }) => {
        const failed = assertionResults.filter((test) => test.status !== 'passed').length;
        const broken = failed === 0 && (status === 'failed' || assertionResults.length === 0) ? 1 : 0;
        return [relative(root, name), { passed: assertionResults.length - failed, failed: failed + broken }];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await instance?.stop();
  }
}

async function main() {
  const { only, help } = readFlags();
  if (help) return console.log(usage);
  requireNode();
  await ensureInstalled();
  const suites = findSuites().filter(({ needs }) => only.length === 0 || needs.some((name) => only.includes(name)));
  const missing = new Map();
  for (const name of new Set([...only, ...suites.flatMap(({ needs }) => needs)])) {
    const reason = await ensureTool(name, only.includes(name));
    if (reason !== null) missing.set(name, reason);
  }
  const able = suites.filter(({ needs }) => needs.every((name) => !missing.has(name)));
  const results = able.length === 0 ? new Map() : await runSuites(able);

  const lines = suites.map(({ file, needs }) => {
    const lacking = needs.filter((name) => missing.has(name));
    if (lacking.length > 0) return [file, 'not run', lacking.map((name) => `${name}: ${missing.get(name)}`).join('; ')];
    const { passed, failed } = results.get(file) ?? { passed: 0, failed: 1 };
    return [file, failed > 0 ? 'FAILED' : 'passed', `${passed} passed, ${failed} failed; with ${needs.join(', ')}`];
  });
  const width = Math.max(0, ...lines.map(([file]) => file.length));
  console.log('');
  for (const [file, outcome, detail] of lines) console.log(`${file.padEnd(width)}  ${outcome.padEnd(7)}  ${detail}`);
  for (const name of only.filter((each) => !suites.some(({ needs }) => needs.includes(each))))
    console.log(`${name}: ${missing.get(name) ?? 'is there'}; no suite needs it yet`);
  const count = (outcome) => lines.filter(([, each]) => each === outcome).length;
  console.log(`\n${count('passed')} suites passed, ${count('FAILED')} failed, ${count('not run')} not run`);
  process.exit(count('FAILED') > 0 ? 1 : 0);
}

try {
  await main();
} catch (error) {
  console.error(`\n${error.message}`);
  process.exit(1);
}
