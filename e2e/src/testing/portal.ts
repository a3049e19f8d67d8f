// `test` with a `portal` that opens pages as any of the demo people, and that watches every page it opened: an error on
// the console, a breach of the content security policy, an exception or a failed request fails the test, whatever it was about.
import { type Browser, type BrowserContext, type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test';
import { instance, passwordOf, type Role } from './instance.ts';

export { expect, type Page } from '@playwright/test';

type Session = Awaited<ReturnType<BrowserContext['storageState']>>;
type Options = Pick<BrowserContextOptions, 'colorScheme' | 'viewport'>;

export type Portal = {
  /** A page signed in as that person, in a browser context of its own. */
  as(role: Role, options?: Options): Promise<Page>;
  /** A page of somebody who is not signed in. */
  anonymous(options?: Options): Promise<Page>;
  /** Complaints that match are what the test is about, and do not fail it. */
  tolerate(pattern: RegExp): void;
};

/** Signs in through the form, as a person does. */
export async function signIn(page: Page, role: Role): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Account or e-mail').fill(role);
  await page.getByLabel('Password').fill(passwordOf(role));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
}

function watch(context: BrowserContext, complain: (text: string) => void): void {
  context.on('weberror', (error) => complain(`exception: ${error.error().message}`));
  context.on('console', (message) => {
    // A failed request is told below, with its status and address.
    if (['error', 'warning'].includes(message.type()) && !message.text().startsWith('Failed to load resource'))
      complain(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on('requestfailed', (request) => {
    // A page that is left ends what it was still loading.
    const reason = request.failure()?.errorText;
    if (reason !== 'net::ERR_ABORTED') complain(`request failed: ${reason} ${request.url()}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) complain(`answered ${response.status()}: ${response.request().method()} ${response.url()}`);
  });
}

async function sessionOf(browser: Browser, role: Role): Promise<Session> {
  const context = await browser.newContext({ baseURL: instance.portal });
  try {
    await signIn(await context.newPage(), role);
    return await context.storageState();
  } finally {
    await context.close();
  }
}

export const test = base.extend<{ portal: Portal }, { sessions: Map<Role, Session> }>({
  sessions: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures it depends on from this pattern
    async ({}, use) => {
      await use(new Map());
    },
    { scope: 'worker' },
  ],
  portal: async ({ browser, sessions }, use) => {
    const complaints: string[] = [];
    const tolerated: RegExp[] = [];
    const contexts: BrowserContext[] = [];
    const open = async (options: BrowserContextOptions): Promise<Page> => {
      const context = await browser.newContext({
        baseURL: instance.portal,
        viewport: { width: 1280, height: 900 },
        reducedMotion: 'reduce',
        ...options,
      });
      contexts.push(context);
      watch(context, (text) => complaints.push(text));
      return context.newPage();
    };
    await use({
      as: async (role, options = {}) => {
        const session = sessions.get(role) ?? (await sessionOf(browser, role));
        sessions.set(role, session);
        return open({ ...options, storageState: session });
      },
      anonymous: (options = {}) => open(options),
      tolerate: (pattern) => void tolerated.push(pattern),
    });
    for (const context of contexts) await context.close();
    expect(complaints.filter((text) => !tolerated.some((pattern) => pattern.test(text)))).toEqual([]);
  },
});
