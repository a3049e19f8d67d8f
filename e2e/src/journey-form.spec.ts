// A form is not lost: whoever reloads it, goes away and back, or whose session ends in the middle of it finds it filled.

import { rest } from './testing/api.ts';
import { pressRequest } from './testing/ask.ts';
import { freshLabel, instance, passwordOf } from './testing/instance.ts';
import { expect, type Page, test } from './testing/portal.ts';

const hostname = (page: Page) => page.getByLabel('Hostname');
const restored = (page: Page) => page.getByText('What you typed before is here again.');

test('what was typed into a request survives a reload and the way back, and is gone once it is sent', async ({ portal }) => {
  const name = `${freshLabel('kept')}.dev.example.test`;
  const page = await portal.as('app');
  await page.goto('/requests/new');
  await expect(hostname(page)).toBeFocused();
  await hostname(page).pressSequentially(name);
  await page.getByRole('textbox', { name: 'Addresses' }).fill('127.0.0.1');

  await page.reload();
  await expect(restored(page)).toBeVisible();
  await expect(hostname(page)).toHaveValue(name);
  await expect(page.getByRole('textbox', { name: 'Addresses' })).toHaveValue('127.0.0.1');

  await page.getByRole('link', { name: 'Zones' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Zones' })).toBeVisible();
  await page.goBack();
  await expect(hostname(page)).toHaveValue(name);

  await expect(page.getByText('You may have this name.'), 'nothing moves any more').toBeVisible();
  const plan = page.getByRole('complementary', { name: 'What will happen' });
  await expect(plan.getByText(`https://${name}:${instance.edge.port}/health`), 'as it will be probed').toBeVisible();
  await pressRequest(page, name);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await page.goto('/requests/new');
  await expect(hostname(page)).toHaveValue('');
  await expect(restored(page)).toHaveCount(0);
});

test('nothing can be typed into a form before the page has come to life, since it would be lost', async ({ portal }) => {
  const page = await portal.as('app');
  let comeToLife = () => {};
  const alive = new Promise<void>((resolve) => {
    comeToLife = resolve;
  });
  await page.route('**/_next/static/**/*.js', async (route) => {
    await alive;
    await route.continue();
  });
  await page.goto('/requests/new', { waitUntil: 'commit' });
  const field = page.locator('input[placeholder="orders.dev.example.com"]');
  await expect(field).toBeVisible();
  await field.click({ force: true });
  await page.keyboard.type('lost');
  await expect(field).not.toBeFocused();
  await expect(field).toHaveValue('');

  comeToLife();
  await expect(field).toBeFocused();
  await page.keyboard.type('kept');
  await expect(field).toHaveValue('kept');
});

test('whoever comes to name something types at once: as soon as the field is seen, it is theirs', async ({ portal }) => {
  const page = await portal.as('app');
  await page.goto('/requests');
  await page.getByRole('link', { name: 'Home' }).first().click();
  await expect(page.getByRole('list', { name: 'What needs you' }).or(page.getByText('Nothing needs you.'))).toBeVisible();
  await page.keyboard.press('c');
  await hostname(page).waitFor();
  await page.keyboard.type('typed');
  await expect(hostname(page)).toHaveValue('typed');
});

test('all that is wrong with a form is said at once, though a field of it cannot be read', async ({ portal }) => {
  const page = await portal.as('app');
  await page.goto('/requests/new?hostname=wrong.dev.example.test');
  await page.getByRole('textbox', { name: 'Addresses' }).fill('127.0.0.1');
  await page.getByText('Everything else has a default').click();
  await page.getByLabel('Port').fill('99999');
  await page.getByLabel('Subject alternative names').fill('login.dev.example.test\nfoo bar');
  await page.getByLabel('Certificate signing request').fill('garbage');
  await expect(page.getByText('3 fields below say why, and what would mend it.')).toBeVisible();
  await expect(page.getByText('The certificate request is not acceptable: it is not one PEM block CERTIFICATE REQUEST.')).toBeVisible();
});

test('a field that cannot be read is marked while the form is filled in, and of several values each is named', async ({ portal }) => {
  const page = await portal.as('app');
  await page.goto('/requests/new?hostname=marked.dev.example.test');
  const addresses = page.getByRole('textbox', { name: 'Addresses' });
  await addresses.fill('127.0.0.1, foo, bar');
  const path = page.getByLabel('Health path');
  await path.fill('no slash');
  await page.getByText('Everything else has a default').click();
  await page.getByLabel('Port').fill('99999');
  await page.getByLabel('Subject alternative names').fill('a_b.dev.example.test\na_b.staging.example.test');
  for (const field of [addresses, path, page.getByLabel('Port'), page.getByLabel('Subject alternative names')])
    await expect(field).toHaveAttribute('aria-invalid', 'true');
  for (const said of [
    'This is not an IPv4 or IPv6 address: "foo".',
    'This is not an IPv4 or IPv6 address: "bar".',
    'A path starts with "/" and has no spaces.',
    'The number is too big.',
    '"a_b" holds an underscore, in "a_b.dev.example.test".',
    '"a_b" holds an underscore, in "a_b.staging.example.test".',
  ])
    await expect(page.getByText(said)).toHaveCount(1);

  await path.fill('/health');
  await expect(path).not.toHaveAttribute('aria-invalid');
});

test('a session that ends in the middle of a form says so, and leads back to the filled form', async ({ portal }) => {
  portal.tolerate(/answered 401/);
  const name = `${freshLabel('ended')}.dev.example.test`;
  const page = await portal.as('app');
  await page.goto('/requests/new?hostname=a.dev.example.test');
  await page.context().clearCookies();
  await hostname(page).fill(name);
  await page.getByRole('textbox', { name: 'Addresses' }).fill('127.0.0.1');
  await pressRequest(page, name);
  const panel = page.getByRole('alert').filter({ hasText: 'Your session has ended' });
  await expect(panel).toBeVisible();
  await expect(page.getByText(/Bearer|token/)).toHaveCount(0);

  await panel.getByRole('link', { name: 'Sign in again' }).click();
  await page.getByLabel('Account or e-mail').fill('app');
  await page.getByLabel('Password').fill(passwordOf('app'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/requests\/new\?hostname=a\.dev\.example\.test$/);
  await expect(hostname(page)).toHaveValue(name);
  await expect(page.getByRole('textbox', { name: 'Addresses' })).toHaveValue('127.0.0.1');
  await page.getByRole('button', { name: 'Begin anew' }).click();
  await expect(hostname(page)).toHaveValue('a.dev.example.test');
});

test('a zone that was not connected yet is kept without its secret, and not for whoever signs in next', async ({ portal }) => {
  const page = await portal.as('platform');
  await page.goto('/zones/new');
  await page.getByLabel('Zone', { exact: true }).fill('kept.example.org');
  await page.getByLabel('Secret').fill('c2VjcmV0IQ==');
  await page.reload();
  await expect(page.getByLabel('Zone', { exact: true })).toHaveValue('kept.example.org');
  await expect(page.getByLabel('Secret')).toHaveValue('');
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('c2VjcmV0IQ==');
});

for (const [path, press, first, others] of [
  ['/zones/new', 'Test the connection', 'Zone', ['Secret']],
  ['/issuers/new', 'Test the connection', 'Directory', ['Signs for names below']],
] as const)
  test(`a form that is sent with nothing in it leads to the first field that is wrong: ${path}`, async ({ portal }) => {
    portal.tolerate(/answered 422/);
    const page = await portal.as('platform');
    await page.goto(path);
    await page.getByRole('button', { name: press }).click();
    const field = (label: string) => page.getByLabel(label, { exact: true });
    for (const label of [first, ...others]) await expect(field(label)).toHaveAttribute('aria-invalid', 'true');
    await expect(field(first)).toBeFocused();
  });

test('half a name is not refused, and a denial offers the same name below a suffix of the team', async ({ portal }) => {
  const page = await portal.as('app');
  await page.goto('/requests/new');
  const form = page.getByRole('form', { name: 'Request a name' });
  await expect(hostname(page)).toBeFocused();
  await hostname(page).pressSequentially('mine');
  await expect(form.getByText(/Whether you may have the name/)).toBeVisible();
  await hostname(page).pressSequentially('.admin.prod.example.test');
  await expect(form.getByRole('link', { name: 'Team platform-edge' })).toBeVisible();
  await form.getByRole('button', { name: 'mine.dev.example.test' }).click();
  await expect(hostname(page)).toHaveValue('mine.dev.example.test');
  await expect(form.getByText('You may have this name.')).toBeVisible();
});

test('the form of a change is titled for the name, and another one is not offered for it', async ({ portal }) => {
  const page = await portal.as('app');
  await page.goto('/endpoints?q=shop.dev');
  await page.getByRole('link', { name: 'shop.dev.example.test' }).first().click();
  await page
    .getByRole('link', { name: /^Change/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1, name: 'Change shop.dev.example.test' })).toBeVisible();
  await expect(page).toHaveTitle(/^Change shop\.dev\.example\.test/);
});

test('a row that is taken away leaves the focus at the next one', async ({ portal }) => {
  const [one, two] = [freshLabel('aa'), freshLabel('ab')];
  for (const value of [one, two])
    expect((await rest('platform', 'POST', '/reservations', { kind: 'label', value, reason: 'For a moment.' })).status).toBe(201);
  const page = await portal.as('platform');
  await page.goto('/reservations');
  for (const value of [one, two]) {
    await page.getByRole('button', { name: `Remove the reservation of ${value}` }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Remove/ })
      .click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('main') !== null && document.activeElement !== document.body))
      .toBe(true);
  }
});
