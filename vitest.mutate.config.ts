// What `npm run mutate` runs against each mutant: the tests of core, which are pure and quick.
import { configDefaults, defineConfig } from 'vitest/config';
import type { Reporter, Vitest } from 'vitest/node';

/** A change that keeps a test file from loading is noticed, too: Stryker looks at tests and at errors beside them, and such a file has neither. */
function noticeLoading(): Reporter {
  let run: Vitest | null = null;
  return {
    onInit: (vitest) => {
      run = vitest;
    },
    onTestModuleEnd: (module) => {
      for (const { message } of module.errors()) run?.state.catchError(new Error(`${module.moduleId}: ${message}`), 'Load Error');
    },
  };
}

export default defineConfig({
  test: {
    include: ['packages/core/src/**/*.test.ts'],
    // A law about the sources of every package has nothing to read in Stryker's copy, which holds core alone.
    exclude: [...configDefaults.exclude, '**/*.interop.test.ts', '**/rule-texts.test.ts'],
    testTimeout: 180_000,
    reporters: [noticeLoading()],
  },
});
