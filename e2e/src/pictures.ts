// Pictures of the portal on a running instance: `npm run pictures` puts every main page, light, dark and narrow, into
// test-results/pictures to be looked at; `npm run pictures -- --readme` makes the one of the README.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endpointPage } from '@hostmaster/core/contract/endpoint-view';
import { requestPage } from '@hostmaster/core/contract/request';
import { zonePage } from '@hostmaster/core/contract/zone';
import { type BrowserContextOptions, chromium, type Page } from '@playwright/test';
import { rest } from './testing/api.ts';
import { instance, type Role, roles } from './testing/instance.ts';
import { signIn } from './testing/portal.ts';
import { hasSandbox } from './testing/sandbox.ts';

const readmePicture = join(import.meta.dirname, '../../docs/images/portal.png');
const folder = join(import.meta.dirname, '../test-results/pictures');
const looks = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  narrow: { viewport: { width: 320, height: 640 }, colorScheme: 'light' },
} satisfies Record<string, BrowserContextOptions>;

const idOf = (rows: readonly { id: string }[]): string => rows[0]?.id ?? 'none';
const read = async (path: string): Promise<unknown> => (await rest('platform', 'GET', path)).body;
const endpoint = idOf(endpointPage.parse(await read('/endpoints?search=shop.dev.example.test')).rows);
const done = idOf(requestPage.parse(await read('/requests?search=shop.dev.example.test')).rows);
const waiting = idOf(requestPage.parse(await read('/requests?search=login.staging.example.test')).rows);
const zone = idOf(zonePage.parse(await read('/zones')).rows);

const pages: Readonly<Record<Role, Readonly<Record<string, string>>>> = {
  app: {
    home: '/',
    endpoints: '/endpoints',
    endpoint: `/endpoints/${endpoint}`,
    'request-form': '/requests/new?hostname=orders.dev.example.test',
    'request-denied': '/requests/new?hostname=admin.prod.example.test',
    'request-done': `/requests/${done}`,
    'request-waiting': `/requests/${waiting}`,
    certificates: '/certificates',
    tokens: '/tokens',
  },
  security: { queue: '/requests', review: `/requests/${waiting}` },
  platform: {
    zones: '/zones',
    zone: `/zones/${zone}`,
    'zone-form': '/zones/new',
    clusters: '/clusters',
    environments: '/environments',
    grants: '/grants',
    reservations: '/reservations',
    exceptions: '/exceptions',
    issuers: '/issuers',
    'issuer-form': '/issuers/new',
    teams: '/teams',
  },
  auditor: { audit: '/audit' },
};

/** The pages refresh themselves, so there is always something under way: wait for what a reader waits for. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState('networkidle');
}

const { values } = parseArgs({ options: { readme: { type: 'boolean', default: false } } });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium-headless-shell',
  chromiumSandbox: hasSandbox,
});
try {
  for (const role of roles) {
    const context = await browser.newContext({ baseURL: instance.portal, ...looks.light });
    const page = await context.newPage();
    await signIn(page, role);
    if (values.readme) {
      await open(page, `/endpoints/${endpoint}`);
      await page.screenshot({ path: readmePicture });
      break;
    }
    const storageState = await context.storageState();
    await context.close();
    for (const [look, options] of Object.entries(looks)) {
      mkdirSync(join(folder, look), { recursive: true });
      const seen = await browser.newContext({ baseURL: instance.portal, storageState, ...options });
      const each = await seen.newPage();
      for (const [name, path] of Object.entries(pages[role])) {
        await open(each, path);
        await each.screenshot({ path: join(folder, look, `${name}.png`), fullPage: true });
      }
      await seen.close();
    }
  }
} finally {
  await browser.close();
}
