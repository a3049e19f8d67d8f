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

// Loading the modules is most of what a test file costs, so the files of a folder share them; not these: one replaces a module for
// whoever loads it, and the others fail where the tests of other files have run in their process before.
const ALONE = [
  'apps/web/src/server/auth.integration.test.ts',
  'apps/web/src/server/pki-door.integration.test.ts',
  'apps/web/src/server/trpc/row-security.test.ts',
];
const alone = (folder: string) => ALONE.filter((file) => file.startsWith(`${folder}/`)).map((file) => file.slice(folder.length + 1));

export default defineConfig({
  // The portal's own imports (`@/…`).
  resolve: { tsconfigPaths: true },
  test: {
    // Real servers share two cores with the tests: a deadline here says "hangs", never "slow".
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // Vitest would leave one core free. Most tests wait for servers a third of their time: one more than there are cores keeps them busy.
    maxWorkers: availableParallelism() + 1,
    // Those need what neither Debian nor npm has, or images: `npm run interop`, `npm run images`.
    exclude: [...configDefaults.exclude, '**/*.{interop,images}.test.ts'],
    projects: [
      ...chosen.map(({ name, root }) => ({
        extends: true as const,
        test: { name, root, exclude: [CRASH_TESTS, ...alone(name)], isolate: false },
      })),
      ...chosen
        .filter(({ name }) => alone(name).length > 0)
        .map(({ name, root }) => ({ extends: true as const, test: { name: `${name} alone`, root, include: alone(name) } })),
      { extends: true, test: { name: 'crash', root: import.meta.dirname, include: chosen.map(({ name }) => `${name}/${CRASH_TESTS}`) } },
    ],
  },
});
