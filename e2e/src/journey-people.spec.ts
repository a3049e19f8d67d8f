// Who works here is said in the browser alone: an admin invites somebody, they set their password elsewhere, work in a team,
// change the password, and are shut out at once.
import { freshLabel } from './testing/instance.ts';
import { expect, type Page, test } from './testing/portal.ts';

const password = 'four quiet yellow chairs';
const changed = 'three loud purple tables';

async function signInAs(page: Page, account: string, chosen: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Account or e-mail').fill(account);
  await page.getByLabel('Password').fill(chosen);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const signedIn = (page: Page) => expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();

test('somebody is invited, lets themselves in, works in a team, changes the password, and is shut out', async ({ portal }) => {
  portal.tolerate(/^answered (401|404|409): /);
  const account = freshLabel('lee');
  const email = `${account}@example.test`;
  const admin = await portal.as('platform');

  await admin.goto('/people');
  await admin.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make the invitation' }).click();
  await expect(dialog.getByLabel('Name', { exact: true })).toBeFocused();
  await dialog.getByLabel('Name', { exact: true }).fill('Lee Chan');
  await admin.keyboard.press('Escape');
  await expect(dialog, 'what was typed is not thrown away by one key').toContainText('What you typed here is not kept.');
  await dialog.getByLabel('E-mail').fill('app@example.test');
  await dialog.getByLabel('Account').fill(account);
  await dialog.getByRole('button', { name: 'Make the invitation' }).click();
  await expect(dialog.getByText('There is somebody with this address already.')).toBeVisible();
  await expect(dialog.getByLabel('E-mail')).toBeFocused();
  await dialog.getByLabel('E-mail').fill(email);
  await dialog.getByRole('button', { name: 'Make the invitation' }).click();
  const link = (await dialog.getByRole('region', { name: 'the link' }).innerText()).trim();
  expect(new URL(link).pathname).toBe('/set-password');
  await admin.keyboard.press('Escape');
  await expect(dialog, 'what is shown once is not closed by a key').toBeVisible();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();

  const lee = await portal.anonymous();
  const asked: string[] = [];
  lee.on('request', (request) => asked.push(`${request.url()} ${JSON.stringify(request.headers())}`));
  await lee.goto(link);
  await expect(lee).toHaveURL(/\/set-password$/);
  await lee.getByLabel('Password', { exact: true }).fill('short');
  await lee.getByRole('button', { name: 'Set the password' }).click();
  await expect(lee.getByText('A password has at least 15 characters.')).toBeVisible();
  await lee.getByLabel('Password', { exact: true }).fill(password);
  await lee.getByRole('button', { name: 'Set the password' }).click();
  await expect(lee.getByText('Your password is set.')).toBeFocused();
  await expect(lee.getByText(/session/), 'who is new had none').toHaveCount(0);
  expect(
    asked.filter((text) => text.includes(new URL(link).hash.slice(1))),
    'the secret stands in no address and no header',
  ).toEqual([]);
  await lee.getByRole('link', { name: 'Sign in' }).click();
  await signInAs(lee, account, password);
  await signedIn(lee);
  await expect(lee.getByRole('link', { name: 'People' })).toBeHidden();

  const again = await portal.anonymous();
  await again.goto(link);
  await again.getByLabel('Password', { exact: true }).fill(password);
  await again.getByRole('button', { name: 'Set the password' }).click();
  await expect(again.getByText('The link counts for nothing')).toBeVisible();

  await admin.goto('/teams/payments');
  await admin.getByRole('button', { name: 'Add a member' }).first().click();
  await dialog.getByLabel('E-mail').fill(`nobody-${account}@example.test`);
  await dialog.getByRole('button', { name: 'Add the member' }).click();
  await expect(dialog.getByText('ask a platform admin to invite them')).toBeVisible();
  await dialog.getByLabel('E-mail').fill(email);
  await dialog.getByRole('button', { name: 'Add the member' }).click();
  await expect(admin.getByRole('table', { name: 'Members of Payments' })).toContainText(email);

  await lee.goto('/account');
  await expect(lee.getByRole('link', { name: 'Payments' })).toBeVisible();
  await lee.getByLabel('Current password').fill('not this one');
  await lee.getByLabel('New password').fill(changed);
  await lee.getByRole('button', { name: 'Change the password' }).click();
  await expect(lee.getByText('This is not your current password.')).toBeVisible();
  await expect(lee.getByLabel('New password'), 'nothing is lost').toHaveValue(changed);
  await lee.getByLabel('Current password').fill(password);
  await lee.getByRole('button', { name: 'Change the password' }).click();
  await expect(lee.getByText('Your password is changed.', { exact: false })).toBeVisible();
  await expect(lee.getByRole('table', { name: 'Sessions' })).toContainText('this one');

  await admin.goto(`/people?q=${account}`);
  await admin.getByRole('link', { name: 'Lee Chan' }).click();
  await admin.getByRole('button', { name: 'Disable' }).click();
  await expect(dialog).toContainText('Their session ends at once.');
  await dialog.getByRole('button', { name: 'Disable Lee Chan' }).click();
  await expect(admin.getByText('Lee Chan cannot sign in', { exact: false })).toBeVisible();
  await lee.goto('/endpoints');
  await expect(lee).toHaveURL(/\/sign-in/);
  await signInAs(lee, account, changed);
  await expect(lee.getByText('The account or the password is not right.')).toBeVisible();
});

test('a platform admin who is the only one keeps the role, and is told why', async ({ portal }) => {
  portal.tolerate(/^answered 409: /);
  const admin = await portal.as('platform');
  await admin.goto('/people?q=platform%40example.test');
  await admin.getByRole('link', { name: 'Pat Novak' }).click();
  await admin.getByRole('checkbox', { name: 'Platform admin' }).uncheck();
  await admin.getByRole('button', { name: 'Save the roles' }).click();
  await expect(admin.getByText('Pat Novak is the last platform admin who can sign in.')).toBeVisible();
});
