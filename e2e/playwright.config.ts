// The journeys run against a whole instance that is already up; `npm test -- --only e2e` starts one and names its
// start.json in HOSTMASTER_START_JSON. Four at a time, since each waits for much. What fails runs once more: a race
// is a fault and `npm test` names it at its end, but one in nine thousand tests says nothing of the change at hand.
// Every deadline says "hangs", never "slow": the machine may be doing much else.
import { defineConfig } from '@playwright/test';
import { hasSandbox } from './src/testing/sandbox.ts';

const LONG = ['start.spec.ts', 'journey-look.spec.ts', 'journey-platform.spec.ts'];

export default defineConfig({
  testDir: 'src',
  outputDir: 'test-results',
  workers: 4,
  retries: 1,
  forbidOnly: true,
  timeout: 300_000,
  globalTimeout: 50 * 60_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
  // The longest begin first, so that no core is idle beside them at the end. What holds up the worker of the instance holds up every
  // other journey, and so comes when these are over.
  projects: [
    { name: 'long', testMatch: LONG },
    { name: 'journeys', testMatch: '*.spec.ts', testIgnore: [...LONG, 'journey-no-worker.spec.ts'] },
    { name: 'no worker', testMatch: 'journey-no-worker.spec.ts', dependencies: ['long', 'journeys'] },
  ],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium-headless-shell',
      chromiumSandbox: hasSandbox,
      args: ['--disable-background-networking', '--disable-component-update', '--no-first-run'],
    },
  },
});
