// What an address answers before any page is seen: whether there is such a thing, and whether one asked for too much.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDb } from '@hostmaster/db/client';
import { countTries } from '@hostmaster/db/rate-limit';
import { freshLabel, instance } from './testing/instance.ts';
import { expect, test } from './testing/portal.ts';

const folder = join(import.meta.dirname, '../../apps/web/src/app/(portal)/(detail)');
/** As `endpoints/[id]`. */
const pagesOfOneThing = readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((path) => {
  const [, page] = /^(.*\[.*)\/page\.tsx$/.exec(path) ?? [];
  return page === undefined ? [] : [page];
});
const nowhere: Readonly<Record<string, string>> = {
  id: '018f0000-0000-7000-8000-00000000000a',
  serial: 'DEADBEEF',
  slug: 'nobody-is-in-it',
};

test('there is a page of every kind of thing', () => expect(pagesOfOneThing.length).toBeGreaterThan(5));

for (const page of pagesOfOneThing) {
  test(`what is not there answers 404: /${page}`, async ({ portal }) => {
    portal.tolerate(/^answered 404: /);
    const platform = await portal.as('platform');
    const address = (given?: string) => `/${page.replace(/\[(\w+)\]/, (_, name: string) => given ?? nowhere[name] ?? name)}`;
    expect((await platform.goto(address()))?.status()).toBe(404);
    await expect(platform.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible();
    await expect(platform).toHaveTitle(/Not found/);
    expect((await platform.goto(address('%E0%A4%A')))?.status(), 'what cannot be the address of any').toBe(404);
  });
}

for (const from of ['change', 'restore', 'again'])
  test(`a form that is to be filled from what is not there answers 404: ?${from}=`, async ({ portal }) => {
    portal.tolerate(/^answered 404: /);
    const app = await portal.as('app');
    expect((await app.goto(`/requests/new?${from}=${nowhere.id}`))?.status()).toBe(404);
    expect((await app.goto('/requests/new?hostname=a.dev.example.test'))?.status()).toBe(200);
  });

test('whoever asked for too much is shown for how long', async ({ portal }) => {
  const account = freshLabel('busy');
  const platform = await portal.as('platform');
  const call = async (page: typeof platform, procedure: string, data: object) => {
    const answer = await page.request.post(`/api/trpc/${procedure}`, { data, headers: { Origin: instance.portal } });
    expect(answer.status(), await answer.text()).toBe(200);
    return ((await answer.json()) as { result: { data: { link: string } } }).result.data;
  };
  const { link } = await call(platform, 'people.invite', { name: 'Busy', email: `${account}@example.test`, account });
  const page = await portal.anonymous();
  const password = 'four quiet yellow chairs';
  await call(page, 'account.setPassword', { token: new URL(link).hash.slice(1), password });
  await page.goto('/sign-in');
  await page.getByLabel('Account or e-mail').fill(account);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();

  const me = await page.request.get('/api/trpc/account.me');
  const { id } = ((await me.json()) as { result: { data: { id: string } } }).result.data;
  // Counted as if it had been asked: three thousand calls take a busy machine longer than the minute that they count in.
  const db = openDb(instance.database ?? '', { connections: 1 });
  await expect(async () => {
    await countTries(db, `api:${id}`, new Date(Math.floor(Date.now() / 60_000) * 60_000), 3000);
    await page.goto('/endpoints');
    // The minute may end between both: then once more.
    await expect(page.getByRole('heading', { name: 'Too much at once' })).toBeVisible({ timeout: 10_000 });
  }).toPass();
  await db.$disconnect();
  await expect(page.getByText(/Try again in \d+ seconds?\./)).toBeVisible();
});

test('a link to the sign-in brings no words of its own along', async ({ portal }) => {
  const page = await portal.anonymous();
  const words = 'Call 0900 123 and tell us your password';
  for (const proof of ['', `&proof=${'0'.repeat(64)}`]) {
    await page.goto(`/sign-in?error=${encodeURIComponent(words)}${proof}`);
    await expect(page.getByText('The sign-in did not succeed.')).toBeVisible();
    await expect(page.getByText(words)).toHaveCount(0);
  }
});

test('nobody has the portal fetch and scale images', async ({ request }) => {
  for (const url of ['/icon.svg', 'http://127.0.0.1:1/x.png']) {
    const answer = await request.get(`${instance.portal}/_next/image?url=${encodeURIComponent(url)}&w=640&q=75`);
    expect(answer.status(), url).toBeGreaterThanOrEqual(400);
    expect(answer.headers()['content-type'] ?? '').not.toContain('image/');
  }
});
