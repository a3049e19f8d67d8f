// A reserved name: whoever asks is told who must look at it and why; the reviewer finds it with its evidence and its plan
// and decides by a few keys; nobody decides about their own.
import { problem } from '@hostmaster/core/contract/page';
import { rest } from './testing/api.ts';
import { askInForm, readRequest } from './testing/ask.ts';
import { freshLabel } from './testing/instance.ts';
import { curlStatus, dig } from './testing/outside.ts';
import { expect, type Page, test } from './testing/portal.ts';

const reason = 'Sign-in pages invite phishing, so security looks at each of them.';
const idOf = (page: Page): string => new URL(page.url()).pathname.split('/').at(-1) ?? '';

async function openFromQueue(page: Page, name: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('list', { name: 'What needs you' }).getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

test('a reserved name goes live once security has approved its plan, by the keyboard', async ({ portal }) => {
  const name = `login.${freshLabel('shop')}.prod.example.test`;
  const app = await portal.as('app');
  await app.goto('/requests/new');
  await app.getByLabel('Hostname').fill(name);
  await expect(app.getByText('You may ask for this name; security must look at it first.')).toBeVisible();
  await expect(app.getByText(reason)).toBeVisible();
  await askInForm(app, name);
  await expect(app.getByText('Waits for security')).toBeVisible();
  await expect(app.getByText(reason)).toBeVisible();
  await expect(app.getByRole('button', { name: /^Approve/ })).toHaveCount(0);
  expect(await dig(name, 'A'), 'nothing is written before the review').toEqual([]);

  const security = await portal.as('security');
  await security.goto('/requests');
  await expect(security.getByRole('tab', { name: /Waiting for me/ })).toHaveAttribute('aria-selected', 'true');
  await security.getByRole('link', { name }).click();
  await expect(security.getByRole('heading', { name: 'Why you are asked' })).toBeVisible();
  await expect(security.getByText(reason)).toBeVisible();
  await expect(security.getByText('60 A 127.0.0.1')).toBeVisible();
  await expect(security.getByText(`DNS:${name}`)).toBeVisible();
  await expect(security.getByText('none is in force before it')).toBeVisible();
  await security.keyboard.press('a');
  await expect(security.getByRole('textbox', { name: 'Reason' })).toBeFocused();
  await expect(security.getByRole('textbox', { name: 'Reason' }), 'nobody writes it for the reviewer').toHaveValue('');
  await security.keyboard.type('The team runs the sign-in of the shop.');
  await security.keyboard.press('Control+Enter');
  await expect(security.getByText('Everything is done')).toBeVisible();
  await expect(security.getByRole('heading', { name: 'You have decided' })).toBeVisible();
  await expect(security.getByRole('link', { name: 'Ask again' })).toHaveCount(0);

  await expect(app.getByText('Everything is done')).toBeVisible();
  await expect(app.getByText('The team runs the sign-in of the shop.')).toBeVisible();
  expect(await dig(name, 'A')).toEqual(['127.0.0.1']);
  expect(await curlStatus(name)).toBe(200);
});

test('a rejected request says why to whoever asked', async ({ portal }) => {
  const name = `login.${freshLabel('phish')}.prod.example.test`;
  const app = await portal.as('app');
  await askInForm(app, name);
  const security = await portal.as('security');
  await openFromQueue(security, name);
  await security.keyboard.press('r');
  const box = security.getByRole('textbox', { name: 'Reason' });
  await expect(box).toBeFocused();
  await expect(security.getByText('Nothing of the plan is done.')).toBeVisible();
  await expect(security.getByText('You approve exactly the plan')).toHaveCount(0);

  await test.step('a rejection without a reason is not taken', async () => {
    await security.keyboard.press('Control+Enter');
    await expect(box).toHaveAttribute('aria-invalid', 'true');
    await expect(security.getByText('Say why; the requester sees it.'), 'said once').toHaveCount(1);
    expect((await readRequest('app', idOf(app))).state).toBe('in-review');
  });

  await security.keyboard.type('Use the sign-in of the platform instead.');
  await security.reload();
  await expect(box, 'what was written is there still').toHaveValue('Use the sign-in of the platform instead.');
  await security.keyboard.press('r');
  await expect(box).toBeFocused();
  await security.keyboard.press('Control+Enter');
  await expect(app.getByText('Sam Ito rejected it for security')).toBeVisible();
  await expect(app.getByText('Use the sign-in of the platform instead.').first()).toBeVisible();
  await expect(app.getByRole('link', { name: 'Ask again' })).toBeVisible();
  expect(await dig(name, 'A')).toEqual([]);

  await test.step('and stays on the first page until whoever asked has dismissed it', async () => {
    await app.goto('/');
    const needed = app.getByRole('list', { name: 'What needs you' }).getByRole('link', { name });
    await expect(needed).toBeVisible();
    const dismiss = app.getByRole('button', { name: `Dismiss ${name}` });
    await app.setViewportSize({ width: 360, height: 800 });
    // Beside a name there is no room for more on a narrow page.
    expect((await dismiss.boundingBox())?.y).toBeGreaterThan(
      (await app.getByText('Use the sign-in of the platform instead.').first().boundingBox())?.y ?? 0,
    );
    await app.setViewportSize({ width: 1280, height: 900 });
    await dismiss.click();
    await expect(needed).toHaveCount(0);
    await app.reload();
    await expect(app.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(needed).toHaveCount(0);
  });
});

test('nobody approves their own request, neither in the portal nor with a token', async ({ portal }) => {
  const name = `www.${freshLabel('site')}.admin.prod.example.test`;
  const platform = await portal.as('platform');
  await askInForm(platform, name);
  await expect(platform.getByText('Waits for the platform admins')).toBeVisible();
  await expect(platform.getByRole('button', { name: /^Approve/ })).toHaveCount(0);
  const id = idOf(platform);
  const { plan, notReviewableBecause } = await readRequest('platform', id);
  await expect(platform.getByText(notReviewableBecause ?? 'a reason')).toBeVisible();
  const review = { decision: 'approve', reason: 'I would like it.', planHash: plan.hash };
  const own = await rest('platform', 'POST', `/requests/${id}/reviews`, review);
  expect({ status: own.status, code: problem.parse(own.body).code }).toEqual({ status: 403, code: 'self-review' });
  const other = await rest('security', 'POST', `/requests/${id}/reviews`, review);
  expect({ status: other.status, code: problem.parse(other.body).code }).toEqual({ status: 403, code: 'forbidden' });

  await test.step('whoever asked can take it back', async () => {
    await platform.getByRole('button', { name: 'Cancel the request' }).click();
    const dialog = platform.getByRole('dialog');
    await dialog.getByRole('textbox').fill('Not needed after all.');
    await dialog.getByRole('button', { name: 'Cancel the request' }).click();
    await expect(platform.getByText('Cancelled', { exact: true }).first()).toBeVisible();
    expect((await readRequest('platform', id)).state).toBe('cancelled');
  });
});

test('the port of a name that security approved changes without a second review, and its end is looked at again', async ({ portal }) => {
  const name = `login.${freshLabel('kept')}.prod.example.test`;
  const app = await portal.as('app');
  await askInForm(app, name);
  const { plan } = await readRequest('app', idOf(app));
  await rest('security', 'POST', `/requests/${idOf(app)}/reviews`, { decision: 'approve', reason: 'Known.', planHash: plan.hash });
  await expect(app.getByText('Everything is done')).toBeVisible();
  await app.getByRole('link', { name: 'Open the endpoint' }).click();
  await app.getByRole('link', { name: 'Change', exact: true }).click();

  await test.step('nothing is denied before anything was changed', async () => {
    await expect(app.getByText('Nothing changes yet.')).toBeVisible();
    await expect(app.getByText('Policy does not allow this')).toHaveCount(0);
  });

  await app.getByText('Everything else has a default').click();
  await app.getByLabel('Port').fill('8443');
  await expect(app.getByText('You may make this change.')).toBeVisible();
  const preview = app.getByRole('complementary', { name: 'What will happen' });
  await expect(preview.getByText('of the contract, compared with revision 1')).toBeVisible();
  await expect(preview.getByText('8443', { exact: true })).toBeVisible();

  await app.goBack();
  await app.getByRole('button', { name: 'Retire' }).click();
  const dialog = app.getByRole('dialog');
  await expect(dialog.getByText('security must look at it first.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Retire the name' }).click();
  await expect(app.getByText('Waits for security')).toBeVisible();
  const retirement = await readRequest('app', idOf(app));
  await rest('security', 'POST', `/requests/${idOf(app)}/reviews`, {
    decision: 'approve',
    reason: 'It goes.',
    planHash: retirement.plan.hash,
  });
  await expect(app.getByText('Everything is done')).toBeVisible();

  await test.step('its team can ask for it again', async () => {
    await app.getByRole('link', { name: 'Open the endpoint' }).click();
    await app.getByRole('link', { name: 'Ask for it again' }).click();
    await expect(app.getByLabel('Hostname')).toHaveValue(name);
    await expect(app.getByRole('textbox', { name: 'Addresses' })).toHaveValue('127.0.0.1');
    await expect(app.getByText('You may ask for this name; security must look at it first.')).toBeVisible();
  });
});
