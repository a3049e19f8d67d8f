// Builds what `npm start` runs: the database client, the portal and the worker. Each is skipped when the content of
// everything it is made from is unchanged since its last build, so that a warm start costs milliseconds.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { step } from './progress.mjs';
import { nodeProgram, root, run } from './run.mjs';

const OUTPUTS = new Set(['node_modules', '.next', '.turbo', 'dist', 'generated', 'test-results', 'next-env.d.ts', 'testing', 'testdata']);
const isInput = (name) => !OUTPUTS.has(name) && !name.endsWith('.tsbuildinfo') && !/\.test\.tsx?$/.test(name);

function filesOf(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => isInput(entry.name));
  return entries.flatMap((entry) => filesOf(join(path, entry.name))).sort();
}

function hashOf(inputs) {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}\n`);
  for (const file of inputs.flatMap((input) => filesOf(join(root, input)))) {
    hash.update(`${file.slice(root.length)}\n`).update(createHash('sha256').update(readFileSync(file)).digest());
  }
  return hash.digest('hex');
}

const packages = ['core', 'db', 'usecases', 'http', 'adapters'].map((name) => `packages/${name}`);
const shared = ['package-lock.json', 'tsconfig.json', 'prisma'];
const production = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };

/** `stamp` lies inside the output, so that whoever deletes the output deletes the claim that it is current. */
const client = {
  name: 'generate the database client',
  inputs: ['prisma/schema.prisma', 'packages/db/prisma.config.ts', 'packages/db/tools', 'package-lock.json'],
  stamp: 'packages/db/src/generated/.inputs',
  build: () => run([process.execPath, join(root, 'packages/db/tools/prisma.mjs'), 'generate']),
};

const portal = {
  name: 'build the portal',
  inputs: ['apps/web', ...packages, ...shared],
  stamp: 'apps/web/.next/standalone/.inputs',
  build: async () => {
    await run(nodeProgram('next/dist/bin/next', 'build'), { cwd: join(root, 'apps/web'), env: production });
    // Next leaves these out of its self-contained folder, for those who serve them from a CDN.
    const standalone = join(root, 'apps/web/.next/standalone/apps/web');
    cpSync(join(root, 'apps/web/.next/static'), join(standalone, '.next/static'), { recursive: true });
    if (existsSync(join(root, 'apps/web/public'))) cpSync(join(root, 'apps/web/public'), join(standalone, 'public'), { recursive: true });
  },
};

const worker = {
  name: 'build the worker',
  inputs: ['apps/worker', ...packages, ...shared],
  stamp: 'apps/worker/dist/.inputs',
  build: () => run([process.execPath, 'build.mjs'], { cwd: join(root, 'apps/worker'), env: production }),
};

async function ensure({ name, inputs, stamp, build }) {
  const file = join(root, stamp);
  const wanted = hashOf(inputs);
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return;
  rmSync(file, { force: true });
  await step(name, build);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, wanted);
}

/** @param {{ clientOnly?: boolean }} [options] `clientOnly` for those who run the sources: tests, `--dev` */
export async function ensureBuilt({ clientOnly = false } = {}) {
  await ensure(client);
  if (clientOnly) return;
  // Settled, not raced: a failure must not leave the other build running behind our back.
  const outcomes = await Promise.allSettled([ensure(portal), ensure(worker)]);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (failures.length > 0) throw new Error(failures.map((failure) => failure.message).join('\n\n'));
}
