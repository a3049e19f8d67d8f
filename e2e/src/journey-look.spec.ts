// Finding one's way: the list of endpoints with its state in the address, an endpoint's page, the dashboard of
// certificates, the audit trail with its chain, and the command box that leads to all of them.
import { endpointPage } from '@hostmaster/core/contract/endpoint-view';
import { rest } from './testing/api.ts';
import { askByToken, finished, readRequest } from './testing/ask.ts';
import { axeFindsNothing } from './testing/axe.ts';
import { freshLabel } from './testing/instance.ts';
import { expect, test } from './testing/portal.ts';

const PAGE = 50;

test('the list of endpoints is searched, filtered, sorted and paged, and its address keeps all of that', async ({ portal }) => {
  test.slow();
  const stem = freshLabel('page');
  const count = PAGE + 2;
  const names = Array.from({ length: count }, (_, index) => `${stem}-${String(index).padStart(2, '0')}.staging.example.test`);
  // Nothing is written for them or looked at, which is not what a list is about; a few at a time: a busy machine answers fifty at once too late.
  const wish = { team: 'order-platform', target: { certificateOnly: true } };
  const ask = async (hostname: string) =>
    expect((await rest('app', 'POST', '/requests', { contract: { ...wish, hostname } })).status, hostname).toBe(201);
  for (let at = 0; at < count; at += 8) await Promise.all(names.slice(at, at + 8).map(ask));
  const there = async () => endpointPage.parse((await rest('app', 'GET', `/endpoints?search=${stem}`)).body).total;
  await expect.poll(there, { timeout: 90_000, message: 'all of them are endpoints' }).toBe(count);

  const page = await portal.as('app');
  const table = page.getByRole('table', { name: 'Endpoints' });
  const firstName = () => table.getByRole('row').nth(1).getByRole('link').first();
  await page.goto('/endpoints');
  await page.getByRole('searchbox', { name: 'Filter by name' }).fill(stem);
  await expect(page).toHaveURL(new RegExp(`q=${stem}`));
  await expect(page.getByText(`${PAGE} of ${count} endpoints`)).toBeVisible();
  await expect(firstName()).toHaveText(names[0] ?? '');

  await test.step('pages', async () => {
    await page.getByRole('button', { name: 'Next page' }).click();
    await expect(page).toHaveURL(/cursor=/);
    await expect(page.getByText(`2 of ${count} endpoints`)).toBeVisible();
    await expect(firstName()).toHaveText(names[PAGE] ?? '');
    await page.reload();
    await expect(firstName()).toHaveText(names[PAGE] ?? '');
    await page.goBack();
    await expect(firstName()).toHaveText(names[0] ?? '');
    await page.goForward();
    await page.getByRole('button', { name: 'Back to the first' }).click();
    await expect(firstName()).toHaveText(names[0] ?? '');
  });

  await test.step('sorted either way, and readers are told which', async () => {
    const heading = (name: string) => table.getByRole('columnheader', { name });
    await expect(heading('Name')).toHaveAttribute('aria-sort', 'ascending');
    await table.getByRole('button', { name: 'Name' }).click();
    await expect(page).toHaveURL(/order=desc/);
    await expect(heading('Name')).toHaveAttribute('aria-sort', 'descending');
    await expect(firstName()).toHaveText(names[count - 1] ?? '');
    await table.getByRole('button', { name: 'Changed' }).click();
    await expect(page).toHaveURL(/sort=changed/);
    await expect(heading('Changed')).toHaveAttribute('aria-sort', 'descending');
    await expect(heading('Name')).toHaveAttribute('aria-sort', 'none');
    await table.getByRole('button', { name: 'Changed' }).click();
    await expect(heading('Changed')).toHaveAttribute('aria-sort', 'ascending');
  });

  await test.step('with the columns that one chose, also the next time', async () => {
    const shown = (name: string) => table.getByRole('columnheader', { name });
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Team' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Environment' }).click();
    await expect(shown('Team')).toBeHidden();
    await expect(page.getByRole('menuitemcheckbox', { name: 'Name' }), 'what names the row').toHaveCount(0);
    await page.keyboard.press('Escape');
    await page.reload();
    await expect(shown('Environment')).toBeVisible();
    await expect(shown('Team')).toBeHidden();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitem', { name: 'The usual columns' }).click();
    await expect(shown('Team')).toBeVisible();
    await expect(shown('Environment')).toBeHidden();
  });

  await test.step('filtered', async () => {
    await page.getByRole('combobox', { name: 'Environment' }).click();
    await page.getByRole('option', { name: 'Development' }).click();
    await expect(page).toHaveURL(/environment=dev/);
    await expect(page.getByText('No endpoint is like that')).toBeVisible();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await expect(page.getByRole('searchbox', { name: 'Filter by name' })).toHaveValue('');
    await page.getByRole('button', { name: 'My teams' }).click();
    await expect(page).toHaveURL(/mine=true/);
    await expect(firstName()).toBeVisible();
  });
});

test('a list is walked through by the keyboard, and the focus goes along to the next page', async ({ portal }) => {
  const page = await portal.as('app');
  await page.goto('/endpoints?q=e');
  const links = page.getByRole('table', { name: 'Endpoints' }).getByRole('link');
  await expect(links.nth(1)).toBeVisible();
  await page.keyboard.press('j');
  await expect(links.first()).toBeFocused();
  await page.keyboard.press('j');
  await expect(links.nth(1)).toBeFocused();
  await page.keyboard.press('k');
  await expect(links.first()).toBeFocused();
  const name = await links.first().innerText();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page).toHaveTitle(`${name} · Hostmaster`);
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Request a name');
});

for (const [path, name] of [
  ['/grants', 'Grants'],
  ['/reservations', 'Reservations'],
  ['/clusters', 'Clusters'],
  ['/environments', 'Environments'],
] as const)
  test(`the rows of ${path} lead nowhere, and keys lead through them all the same`, async ({ portal }) => {
    const page = await portal.as('platform');
    await page.goto(path);
    const rows = page.getByRole('table', { name }).locator('tbody').getByRole('row');
    await expect(rows.first()).toBeVisible();
    await page.keyboard.press('j');
    await expect(rows.first()).toBeFocused();
    await page.keyboard.press('Tab');
    await page.keyboard.press('k');
    await expect(rows.first(), 'from a control of a row').toBeFocused();
    await page.keyboard.press('j');
    await expect(rows.nth(Math.min(1, (await rows.count()) - 1))).toBeFocused();
  });

test('the account menu says that single keys are off, also where a key opened it', async ({ portal }) => {
  const page = await portal.as('auditor');
  await page.goto('/');
  const menu = page.getByRole('button', { name: /Auditor · / });
  const keys = page.getByRole('menuitemcheckbox', { name: 'Single-key shortcuts' });
  await menu.press('Enter');
  await expect(keys).toBeChecked();
  await keys.press('Enter');
  await page.keyboard.press('Escape');
  await page.reload();
  await menu.press('Enter');
  await expect(keys).not.toBeChecked();
});

test('an endpoint shows its contract, its chain, what each server answered, its certificate and its history', async ({ portal }) => {
  const page = await portal.as('auditor');
  await page.goto('/endpoints?q=shop.dev.example.test');
  await page.getByRole('link', { name: 'shop.dev.example.test' }).click();
  const chain = page.getByRole('list', { name: 'The chain from the outside in' });
  for (const link of ['Name', 'DNS', 'TCP', 'TLS', 'HTTP']) await expect(chain).toContainText(link);
  await expect(page.getByRole('table', { name: 'Answers of the authoritative servers' })).toContainText('ns1.example.test');
  await expect(page.getByText('revision 1, as approved')).toBeVisible();
  await expect(page.getByText('hostname: shop.dev.example.test').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'History' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Check now' })).toHaveCount(0);

  await test.step('its certificate has a page with the chain', async () => {
    await page
      .getByRole('main')
      .getByRole('link', { name: /^[0-9A-F]{4,}/ })
      .first()
      .click();
    await expect(page).toHaveURL(/\/certificates\/[0-9A-F]+$/);
    await expect(page.getByRole('main')).toContainText('shop.dev.example.test');
  });
});

test('a team has a certificate revoked: what follows is said before, another takes its place, and its page says who asked and why', async ({
  portal,
}) => {
  const hostname = `${freshLabel('revoked')}.dev.example.test`;
  const { id } = await askByToken('app', hostname);
  await expect.poll(async () => (await readRequest('app', id)).operation?.state, { timeout: 30_000 }).toBe('succeeded');
  const page = await portal.as('app');
  await page.goto(`/certificates?q=${hostname}`);
  await page.getByRole('main').getByRole('link', { name: hostname }).first().click();
  await expect(page).toHaveURL(/\/certificates\/[0-9A-F]+$/);
  await page.getByRole('button', { name: 'Revoke…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('It is the one in use.');
  await expect(dialog).toContainText('A revocation cannot be taken back.');
  await expect(dialog).toContainText('A new one with a new key is ordered at once.');
  await expect(dialog.getByRole('button', { name: 'Revoke the certificate' })).toBeDisabled();
  await dialog.getByRole('combobox', { name: 'Reason' }).click();
  await page.getByRole('option', { name: /Another certificate takes its place/ }).click();
  await dialog.getByLabel('What happened').fill('The key was in a backup.');
  await dialog.getByRole('button', { name: 'Revoke the certificate' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('The key was in a backup.')).toBeVisible();
  await expect(page.getByText('Revoked: Another certificate takes its place.')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Revoke…' })).toHaveCount(0);
});

test('security has certificates replaced as one campaign: shown first, and followed to its end', async ({ portal }) => {
  const suffix = `${freshLabel('many')}.dev.example.test`;
  const asked = await Promise.all([askByToken('app', `a.${suffix}`), askByToken('app', `b.${suffix}`)]);
  for (const { id } of asked)
    await expect.poll(async () => (await readRequest('app', id)).operation?.state, { timeout: 30_000 }).toBe('succeeded');
  const page = await portal.as('security');
  await page.goto(`/certificates?q=${suffix}`);
  await page.getByRole('link', { name: 'Replace or revoke these' }).click();
  await expect(page.getByLabel('Names at and below')).toHaveValue(suffix);
  await page.getByRole('button', { name: 'Show the plan' }).click();
  await expect(page.getByRole('heading', { name: 'The plan: replace 2 certificates' })).toBeVisible();
  await axeFindsNothing(page, 'the plan');
  const start = page.getByRole('button', { name: 'Start the campaign' });
  await expect(start).toBeDisabled();
  await page.getByLabel('What happened').fill('The CA is distrusted.');
  await start.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Replace 2 certificates' })).toBeVisible();
  await expect(page.getByText('The CA is distrusted.')).toBeVisible();
  await expect(page.getByRole('button', { name: '2 Replaced' }), 'it says by itself how far it is').toBeVisible({ timeout: 60_000 });
  await axeFindsNothing(page, 'a campaign');
  await expect(page.getByText('Finished')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: '2 Replaced' }).click();
  await expect(page).toHaveURL(/stage=replaced/);
  await page.getByRole('link', { name: `a.${suffix}` }).click();
  await expect(page.getByText(/asked to replace a certificate .*: The CA is distrusted., as Sam Ito asked/).first()).toBeVisible();
});

test('checking now asks the world again, and says so', async ({ portal }) => {
  const page = await portal.as('app');
  await page.goto('/endpoints?q=shop.dev.example.test');
  await page.getByRole('link', { name: 'shop.dev.example.test' }).click();
  const asked = page.waitForResponse((response) => response.url().includes('endpoints.recheck'));
  await page.getByRole('button', { name: 'Check now' }).click();
  await asked;
  await expect(page.getByRole('button', { name: 'Check now' })).toBeEnabled();
  await expect(page.getByText(/^checked (just now|\d+ s ago)$/)).toBeVisible();
});

test('what waits for its next try is tried at once by checking now, as often as one likes', async ({ portal }) => {
  const hostname = `${freshLabel('waits')}.dev.example.test`;
  // Nothing listens there.
  const { id } = await askByToken('app', hostname, 'order-platform', '127.0.0.99');
  const attempts = async () => (await readRequest('app', id)).operation?.attempts ?? 0;
  await expect.poll(attempts, { timeout: 30_000 }).toBeGreaterThan(2);
  const page = await portal.as('app');
  await page.goto(`/endpoints?q=${hostname}`);
  await page.getByRole('link', { name: hostname }).click();
  for (const _ of ['once', 'and again']) {
    const before = await attempts();
    await page.getByRole('button', { name: 'Check now' }).click();
    await expect.poll(attempts).toBeGreaterThan(before);
  }
});

test('the certificate dashboard leads from each number to its certificates', async ({ portal }) => {
  const page = await portal.as('auditor');
  await page.goto('/certificates');
  const table = page.getByRole('table', { name: /^Certificates/ });
  await expect(table.getByRole('link').first()).toBeVisible();

  const weeks = page.getByRole('list', { name: 'Weeks with expiries' });
  await weeks.getByRole('button').first().click();
  await expect(page).toHaveURL(/week=\d{4}-\d{2}-\d{2}/);
  await expect(table.getByRole('link').first()).toBeVisible();
  await weeks.getByRole('button', { pressed: true }).click();
  await expect(page).not.toHaveURL(/week=/);

  await page.locator('.recharts-bar-rectangle path').first().click();
  await expect(page).toHaveURL(/week=/);
  await page.getByRole('button', { name: /^Week of/ }).click();

  await page.getByRole('button', { name: /^In time/ }).click();
  await expect(page).toHaveURL(/urgency=none/);
  await expect(table.getByRole('link').first()).toBeVisible();
  await page.getByRole('button', { name: /^Outage/ }).click();
  await expect(page).toHaveURL(/urgency=outage/);
  await expect(page.getByText('No certificate is like that')).toBeVisible();
});

test('an auditor reads who did what, and verifies that nothing was changed', async ({ portal }) => {
  const name = `${freshLabel('audited')}.dev.example.test`;
  const { operation } = await askByToken('app', name);
  if (operation === null) throw new Error('no operation');
  await finished('app', operation.id);
  const page = await portal.as('auditor');
  await page.goto('/audit');
  await page.getByRole('searchbox', { name: 'Filter by name or thing' }).fill(name);
  await expect(page).toHaveURL(/subject=/);
  const table = page.getByRole('table', { name: /^Audit events/ });
  await expect(table).toContainText('request.create');
  // What nobody's name is about is the auditor's to read, too.
  await page.goto('/audit?action=session.start');
  await expect(table).toContainText('session.start');
  await page.goto(`/audit?subject=${name}`);
  await table.getByRole('button', { name: 'request.create' }).click();
  const event = page.getByRole('dialog', { name: 'request.create' });
  await expect(event).toContainText('Ada Park');
  await expect(event).toContainText(/From\s*127\.0\.0\.1/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await expect(page.getByRole('dialog', { name: 'The audit chain' })).toContainText(/Whole up to event [\d,]+\./);
});

test('the command box jumps to a name, by the keyboard', async ({ portal }) => {
  const { rows } = endpointPage.parse((await rest('app', 'GET', '/endpoints?search=basket.staging.example.test')).body);
  const page = await portal.as('app');
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Find and go' })).toBeVisible();
  await page.keyboard.type('basket.staging');
  const hit = page.getByRole('option').filter({ hasText: 'basket.staging.example.test' }).first();
  await expect(hit).toBeVisible();
  await expect(hit).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/endpoints/${rows[0]?.id}`);
  await expect(page.getByRole('heading', { level: 1, name: 'basket.staging.example.test' })).toBeVisible();
});

test('the command box takes an address for where names lead, and not for a name', async ({ portal }) => {
  const page = await portal.as('app');
  await page.goto('/');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(/^Name, address/).fill('127.0.0.1');
  const options = page.getByRole('dialog', { name: 'Find and go' }).getByRole('option');
  await expect(options.filter({ hasText: /^Request/ })).toHaveCount(0);
  await options.filter({ hasText: 'Endpoints that lead to 127.0.0.1' }).click();
  await expect(page).toHaveURL('/endpoints?q=127.0.0.1');
  // As many as the other journeys have made lead there, too.
  await expect(page.getByRole('table', { name: 'Endpoints' }).getByRole('link').first()).toBeVisible();
});

test('a page that cannot be read anew says from when it is, until it can', async ({ portal }) => {
  portal.tolerate(/Failed to load resource|ERR_FAILED/);
  const page = await portal.as('app');
  await page.clock.install();
  await page.goto('/endpoints');
  await page.getByRole('table', { name: 'Endpoints' }).getByRole('link').first().click();
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText(/\.example\.test$/);
  const name = await heading.innerText();
  const old = page.getByText(/What stands here was read .+; it is asked for again by itself/);
  await expect(old).toHaveCount(0);

  const calls = '**/api/trpc/**';
  await page.route(calls, (route) => route.abort());
  // Its own interval and tries are waited for, in the page's time.
  await expect(async () => {
    await page.clock.runFor(5_000);
    await expect(old).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(heading).toHaveText(name);
  await page.unroute(calls);
  await expect(async () => {
    await page.clock.runFor(5_000);
    await expect(old).toHaveCount(0, { timeout: 1_000 });
  }).toPass();
});
