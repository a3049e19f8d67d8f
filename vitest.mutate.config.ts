// What `npm run mutate` runs against each mutant: the tests of core, which are pure and quick.
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['packages/core/src/**/*.test.ts'], testTimeout: 180_000 } });
