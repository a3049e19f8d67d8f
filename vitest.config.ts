import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { defineConfig } from 'vitest/config';

const folders = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(join(import.meta.dirname, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(import.meta.dirname, parent, entry.name)),
);

/** All workspaces in one run; in a workspace's own folder `npx vitest run` works as well, with vitest's defaults. */
export default defineConfig({
  test: {
    // Real servers share two cores with the tests: a deadline here says "hangs", never "slow".
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: folders.map((root) => ({ extends: true, test: { name: relative(import.meta.dirname, root), root } })),
  },
});
