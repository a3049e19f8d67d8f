import { mkdirSync } from 'node:fs';
import { chromium, type Page } from '@playwright/test';
import { rest } from './testing/api.ts';
import { instance, type Role } from './testing/instance.ts';
import { signIn } from './testing/portal.ts';
import { hasSandbox } from './testing/sandbox.ts';

const out = '/tmp/users-shots';
mkdirSync(out, { recursive: true });
const rows = async (p: string) => ((await rest('platform', 'GET', p)).body as { rows: { id: string; serial: string }[] }).rows;
const shop = (await rows('/endpoints?search=shop.dev.example.test'))[0]?.id;
const cert = (await rows('/certificates?search=shop.dev.example.test'))[0]?.serial;
const zone = (await rows('/zones?search=example.test'))[0]?.id;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', chromiumSandbox: hasSandbox });
type Step = [string, string, ((p: Page) => Promise<void>)?];
const pages: Record<Role, Step[]> = {
  app: [
    ['home-app', '/'],
    ['endpoints', '/endpoints'],
    ['endpoint', `/endpoints/${shop}`],
    ['certificates', '/certificates'],
    ['certificate', `/certificates/${cert}`],
    ['form-empty', '/requests/new'],
    [
      'change-bad',
      `/requests/new?change=${shop}`,
      async (p) => {
        await p.getByLabel('Health path').fill('no slash');
        await p.getByText('Health path cannot be read').first().waitFor();
      },
    ],
    [
      'form-denied',
      '/requests/new?hostname=%2A.example.com',
      async (p) => {
        await p.getByText('suffix-granted').first().waitFor();
      },
    ],
    ['account', '/account'],
  ],
  platform: [
    ['home-platform', '/'],
    ['audit-platform', '/audit'],
    ['grants', '/grants'],
    [
      'form-platform',
      '/requests/new?hostname=a.nobody.test',
      async (p) => {
        await p
          .getByText('managed-zone')
          .first()
          .waitFor({ timeout: 5000 })
          .catch(() => {});
      },
    ],
    [
      'zone',
      `/zones/${zone}`,
      async (p) => {
        await p.getByRole('button', { name: 'Test connection' }).click();
        await p.getByText('The connection works.').waitFor({ timeout: 40000 });
      },
    ],
    ['zone-values', `/zones/${zone}`],
  ],
  auditor: [
    ['audit', '/audit?from=2026-12-02&until=2026-12-01'],
    ['home-auditor', '/'],
  ],
  security: [['home-security', '/']],
};
const only = process.argv.slice(2);
for (const [role, steps] of Object.entries(pages) as [Role, Step[]][]) {
  const first = await browser.newContext({ baseURL: instance.portal });
  await signIn(await first.newPage(), role);
  const storageState = await first.storageState();
  for (const [w, scheme] of [
    [1280, 'light'],
    [1280, 'dark'],
    [360, 'light'],
    [360, 'dark'],
  ] as const) {
    const c = await browser.newContext({
      baseURL: instance.portal,
      storageState,
      viewport: { width: w, height: 800 },
      colorScheme: scheme,
      timezoneId: 'UTC',
    });
    const p = await c.newPage();
    for (const [name, path, act] of steps) {
      if (only.length > 0 && !only.includes(name)) continue;
      await p.goto(path);
      await p.getByRole('heading', { level: 1 }).first().waitFor();
      await p.waitForLoadState('networkidle').catch(() => {});
      await act?.(p);
      await p.screenshot({ path: `${out}/${name}-${w}-${scheme}.png`, fullPage: w === 360 });
    }
    await c.close();
  }
}
await browser.close();
