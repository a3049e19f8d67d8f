// A platform admin has an offline root sign a CA, all in the browser; OpenSSL holds the key of that root.
import { createOfflineRoot, type OfflineRoot } from '@hostmaster/usecases/testing/offline-root';
import { freshLabel } from './testing/instance.ts';
import { expect, type Page, test } from './testing/portal.ts';

const section = (page: Page, name: string) => page.locator('section', { has: page.getByRole('heading', { name, exact: true }) }).last();

let root: OfflineRoot;
const name = freshLabel('Offline');
test.beforeAll(async () => {
  root = await createOfflineRoot(name);
});
test.afterAll(() => root.remove());

test('a root whose key is elsewhere is connected, asked for a CA, and given what it signed; before that it is told what is wrong', async ({
  portal,
}) => {
  portal.tolerate(/^answered 400: POST .*authority\./);
  const page = await portal.as('platform');
  await page.goto('/authority');
  await page.getByRole('button', { name: 'Add a CA' }).click();
  await page.getByRole('radio', { name: 'Its key is elsewhere' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Certificate in PEM').fill('no certificate');
  await page.getByRole('button', { name: 'Add it' }).click();
  await expect(page.getByText('This is no certificate in PEM.')).toBeVisible();
  await page.getByLabel('Certificate in PEM').fill(root.certificatePem);
  await page.getByRole('button', { name: 'Add it' }).click();
  const shown = section(page, name);
  await expect(shown).toContainText('signing nothing yet');
  await expect(shown).toContainText('kept elsewhere');

  await page.getByRole('button', { name: `Ask for a CA below ${name}` }).click();
  await page.getByRole('button', { name: 'Make the request' }).click();
  await expect(shown).toContainText(`A request waits for the signature of ${name}`);
  const saved = page.waitForEvent('download');
  await shown.getByRole('button', { name: 'Download the request' }).click();
  const stream = await (await saved).createReadStream();
  const csr = Buffer.concat(await stream.toArray()).toString();

  await shown.getByRole('button', { name: 'Bring what was signed' }).click();
  await page.getByLabel('Certificate in PEM').fill(await root.sign(csr, 'basicConstraints = CA:FALSE\n'));
  await page.getByRole('button', { name: 'Bring it', exact: true }).click();
  await expect(page.getByText('It has no name constraints: it may sign for any name there is.')).toBeVisible();
  await page.getByLabel('Certificate in PEM').fill(await root.sign(csr));
  await page.getByRole('button', { name: 'Bring it', exact: true }).click();
  await expect(shown.getByRole('list', { name: `CAs below ${name}` })).toContainText('nothing now');

  // The root of the instance signs on: other journeys look at what is below it.
  await expect(page.getByRole('button', { name: `Activate ${name}` })).toBeVisible();
  await page.getByRole('button', { name: `Withdraw ${name}` }).click();
  await page.getByRole('button', { name: 'Withdraw it', exact: true }).click();
  await expect(shown).toContainText('no longer in the bundle');
});

test('who is no platform admin sees the CA, and changes nothing', async ({ portal }) => {
  const page = await portal.as('app');
  await page.goto('/authority');
  await expect(page.getByRole('main')).toContainText('Internal root');
  await expect(page.getByRole('button', { name: /^(Add a CA|Activate|Withdraw)/ })).toHaveCount(0);
  await expect(page.getByText('Who has fetched the bundle')).toHaveCount(0);
});
