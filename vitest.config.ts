import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

const workspaces = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(join(import.meta.dirname, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`),
);
const folders = [...workspaces, 'deploy'].map((name) => ({ name, root: join(import.meta.dirname, name) }));

// Vitest looks for its configuration upward, so this one is also found from within a workspace: there it means that one.
const here = `${process.cwd()}${sep}`;
const within = folders.filter(({ root }) => here.startsWith(`${root}${sep}`));
const chosen = within.length > 0 ? within : folders;

// A project of their own, because `npm test` runs them after the build, and projects take no `--exclude`.
const CRASH_TESTS = '**/crash*.test.ts';

const PURE = 'packages/core';

export default defineConfig({
  // The portal's own imports (`@/…`).
  resolve: { tsconfigPaths: true },
  test: {
    // Real servers share two cores with the tests: a deadline here says "hangs", never "slow".
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // Vitest would leave one core free; most tests wait for servers, which need it no more than they do.
    maxWorkers: availableParallelism(),
    // Those need what neither Debian nor npm has, or images: `npm run interop`, `npm run images`.
    exclude: [...configDefaults.exclude, '**/*.{interop,images}.test.ts'],
    projects: [
      ...chosen.map(({ name, root }) => ({
        extends: true as const,
        // What is pure leaves nothing behind: its test files share their modules, which halves what they cost.
        test: { name, root, exclude: [CRASH_TESTS], isolate: name !== PURE },
      })),
      { extends: true, test: { name: 'crash', root: import.meta.dirname, include: chosen.map(({ name }) => `${name}/${CRASH_TESTS}`) } },
    ],
  },
});
