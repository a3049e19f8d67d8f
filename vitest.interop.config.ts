// The suites of `npm run interop`, which `npm test` leaves out: what they need is neither in Debian nor in npm.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,apps,e2e}/**/*.interop.test.ts'],
    // Programs of others, some of which take their time; a deadline says "hangs".
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
