// A platform admin connects an issuer that others run, changes, stops and removes it, all in the browser; and a name goes live with a
// certificate of such a CA: Pebble, which asks the name server of the instance.
import { type FakeVault, startFakeVault } from '@hostmaster/adapters/testing/vault/fake-vault';
import { usualPolicy } from '@hostmaster/adapters/testing/vault/ground';
import { toPem } from '@hostmaster/core/pki/chain';
import { getTrusted, type Pebble, startPebble } from '@hostmaster/embedded/testing/pebble';
import { emptyForm, pressRequest } from './testing/ask.ts';
import { freshLabel, instance } from './testing/instance.ts';
import { expect, type Page, test } from './testing/portal.ts';

const testOf = (name: string) => new RegExp(`^Test (connection|again): ${name}$`);

const directory = 'https://acme.example.test/directory';
const section = (page: Page, name: string) =>
  page.getByRole('region', { name }).or(page.locator('section', { has: page.getByRole('heading', { name, exact: true }) }));

async function fillForm(page: Page, { name, slug, at }: { name: string; slug: string; at: string }): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Short name').fill(slug);
  await page.getByLabel('Directory').fill(at);
  await page.getByLabel('Signs for names below').fill('dev.example.test');
}

test('an issuer is connected, changed, stopped, resumed and removed', async ({ portal }) => {
  portal.tolerate(/^answered 400: POST .*issuers\.try/);
  const name = freshLabel('CA');
  const slug = freshLabel('ca');
  const page = await portal.as('platform');
  await page.goto('/issuers');
  await page.getByRole('link', { name: 'Connect an issuer' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Connect an issuer' })).toBeVisible();
  await fillForm(page, { name, slug, at: directory });
  await page.getByLabel('Signs for names below').fill('dev.example.test\nnowhere.test');
  await page.getByLabel('Root certificate in PEM').fill('no certificate');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText('nowhere.test is in no zone that is connected.')).toBeVisible();
  await expect(page.getByText('This is no certificate in PEM.')).toBeVisible();
  await page.getByLabel('Signs for names below').fill('dev.example.test');
  await page.getByLabel('Root certificate in PEM').fill('');
  await page.getByLabel('External account').fill('kid-1');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText('“External account” is given, and “HMAC key” is not.')).toBeVisible();
  await page.getByLabel('HMAC key').fill('bm90LWEtc2VjcmV0LWtleS1idXQtYW4tZXhhbXBsZQ');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await page.getByRole('checkbox', { name: /^Connect it all the same/ }).check();
  await page.getByRole('button', { name: 'Connect the issuer' }).click();

  await expect(page).toHaveURL(/\/issuers$/);
  const shown = section(page, name);
  await expect(shown).toContainText(slug);
  await expect(shown).toContainText(directory);
  await expect(shown).toContainText('kid-1');
  await expect(shown).not.toContainText('Revocations');

  const changed = `${name} of others`;
  await page.getByRole('link', { name: `Edit the issuer ${name}` }).click();
  await expect(page.getByLabel('Directory')).toHaveCount(0);
  await page.getByLabel('Name', { exact: true }).fill(changed);
  await page.getByRole('checkbox', { name: /^Change where it is/ }).check();
  await expect(page.getByLabel('Directory')).toHaveValue(directory);
  await page.getByLabel('External account').fill('');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await page.getByRole('checkbox', { name: /^Save it all the same/ }).check();
  await page.getByRole('button', { name: 'Save the change' }).click();
  await expect(page).toHaveURL(/\/issuers$/);
  await expect(section(page, changed)).toContainText(directory);
  await expect(section(page, changed)).not.toContainText('kid-1');

  await page.getByRole('button', { name: `Stop the issuer ${changed}` }).click();
  await page.getByRole('button', { name: 'Stop the issuer', exact: true }).click();
  await expect(section(page, changed)).toContainText('it signs nothing more');
  await page.getByRole('button', { name: `Resume the issuer ${changed}` }).click();
  await page.getByRole('button', { name: 'Resume the issuer', exact: true }).click();
  await expect(section(page, changed)).not.toContainText('it signs nothing more');

  await page.getByRole('button', { name: `Remove the issuer ${changed}` }).click();
  await page.getByRole('button', { name: 'Remove the issuer', exact: true }).click();
  await expect(page.getByRole('heading', { name: changed })).toHaveCount(0);
  await expect(page.getByRole('main')).toContainText('internal-ca');
});

test('who is no platform admin sees who signs, and is told whom to ask', async ({ portal }) => {
  const page = await portal.as('app');
  await page.goto('/issuers');
  await expect(page.getByRole('main')).toContainText('internal-ca');
  await expect(page.getByRole('link', { name: 'Connect an issuer' })).toHaveCount(0);
  await page.goto('/issuers/new');
  await expect(page.getByText('Issuers are connected by platform admins')).toBeVisible();
});

test.describe('a CA that speaks ACME', () => {
  let pebble: Pebble;
  test.beforeAll(async () => {
    const { address, port } = instance.nameserver;
    pebble = await startPebble({ nameServer: `${address}:${port}`, tlsPort: instance.edge.port });
  });
  test.afterAll(() => pebble.stop());

  test('is connected in the portal, signs for names that are proved in DNS and at the edge, and then stays and is stopped', async ({
    portal,
  }) => {
    portal.tolerate(/^answered 409: POST .*issuers\.remove/);
    const name = freshLabel('Pebble');
    const slug = freshLabel('pebble');
    const page = await portal.as('platform');
    await page.goto('/issuers/new');
    await fillForm(page, { name, slug, at: pebble.directoryUrl });
    await page.getByLabel('Trusted for its address').fill(pebble.trust);
    await page.getByLabel('Root certificate in PEM').fill(await getTrusted(`${pebble.managementUrl}/roots/0`, pebble.trust));
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await expect(page.getByText('Where it is meant to be there, give its range as “Addresses”')).toBeVisible();
    await page.getByLabel('Addresses').fill('127.0.0.0/8');
    await page.getByLabel('Port for tls-alpn-01').fill(String(pebble.tlsPort));
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await expect(page.getByText('The connection works.')).toBeVisible();
    await expect(page.getByText('There is none yet, and none is made for a test')).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: 'Proof in dev.example.test' }).first()).toContainText('taken back');
    await page.getByRole('button', { name: 'Connect the issuer' }).click();
    await expect(section(page, name)).toContainText('Pebble Root CA');
    await expect(section(page, name)).toContainText('Its connection was not tested since it was connected.');

    const app = await portal.as('app');
    for (const proof of ['A record in DNS (dns-01)', 'Where TLS ends, at the edge (tls-alpn-01)']) {
      const hostname = `${freshLabel('acme')}.dev.example.test`;
      await emptyForm(app);
      await app.getByLabel('Hostname').fill(hostname);
      await app.getByRole('textbox', { name: 'Addresses' }).fill('127.0.0.1');
      await app.getByText('Everything else has a default').click();
      await app.getByRole('combobox', { name: 'Issuer' }).click();
      await app.getByRole('option', { name: 'ACME' }).click();
      await app.getByRole('combobox', { name: 'Proof for the CA' }).click();
      await app.getByRole('option', { name: proof }).click();
      await pressRequest(app, hostname);
      await expect(app.getByText('Live', { exact: true }).first()).toBeVisible();
      await app.goto(`/certificates?q=${hostname}`);
      await expect(app.getByRole('row', { name: hostname })).toContainText(slug);
    }

    await page.getByRole('button', { name: testOf(name) }).click();
    await expect(section(page, name)).toContainText('and valid.');
    await expect(section(page, name).getByText('The connection works', { exact: true })).toBeVisible();
    await page.reload();
    await expect(section(page, name)).toContainText(/The connection works\s*tested /);
    await section(page, name).getByRole('button', { name: 'Show what was found' }).click();
    await expect(section(page, name)).toContainText('Whoever connects it agrees to');
    await app.goto('/issuers');
    await expect(section(app, name)).toContainText('The connection works');
    await expect(app.getByRole('button', { name: testOf(name) })).toHaveCount(0);

    await page.getByRole('button', { name: `Remove the issuer ${name}` }).click();
    await page.getByRole('button', { name: 'Remove the issuer', exact: true }).click();
    await expect(page.getByText('Stop it: then nothing new is ordered from it.')).toBeVisible();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: `Stop the issuer ${name}` }).click();
    await page.getByRole('button', { name: 'Stop the issuer', exact: true }).click();
    await expect(section(page, name)).toContainText('it signs nothing more');
  });
});

test.describe('a Vault', () => {
  let fake: FakeVault;
  test.beforeAll(async () => {
    fake = await startFakeVault({ suffixes: ['dev.example.test'] });
    fake.auth.grant(usualPolicy());
  });
  test.afterAll(() => fake.close());

  test('is connected in the portal, says what has to be written into it, and signs for a name that is asked for', async ({ portal }) => {
    portal.tolerate(/^answered 400: POST .*issuers\.try/);
    const name = freshLabel('Vault');
    const slug = freshLabel('vault');
    const page = await portal.as('platform');
    await page.goto('/issuers/new');
    await page.getByRole('combobox', { name: 'Kind of issuer' }).click();
    await page.getByRole('option', { name: 'Vault', exact: true }).click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Short name').fill(slug);
    await page.getByLabel('Address', { exact: true }).fill(fake.address);
    await page.getByLabel('Role', { exact: true }).fill('web');
    await page.getByLabel('Signs in as').fill(fake.auth.roleId);
    await page.getByLabel('Trusted for its address').fill(fake.trust);
    await page.getByLabel('Addresses').fill('127.0.0.0/8');
    await page.getByLabel('Signs for names below').fill('dev.example.test');
    await page.getByLabel('Root certificate in PEM').fill(toPem(fake.root));
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await expect(page.getByText('“Signs in by” is approle, which takes a “Secret”.')).toBeVisible();
    await page.getByLabel('Secret').fill(fake.auth.secretId);
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByRole('button', { name: 'Connect the issuer' }).click();
    await expect(page).toHaveURL(/\/issuers$/);
    await page.getByRole('button', { name: testOf(name) }).click();
    await expect(section(page, name)).toContainText('web signs for names below dev.example.test');
    await expect(section(page, name).getByText('The connection works', { exact: true })).toBeVisible();
    fake.seal(true);
    await page.getByRole('button', { name: testOf(name) }).click();
    await expect(section(page, name)).toContainText('Unseal it (vault operator unseal)');
    await expect(section(page, name).getByText('The connection does not work')).toBeVisible();
    fake.seal(false);
    await section(page, name).getByText('Commands for whoever runs it').click();
    await expect(section(page, name)).toContainText("'allowed_domains=dev.example.test'");
    await expect(section(page, name)).not.toContainText(fake.auth.secretId);

    const app = await portal.as('app');
    const hostname = `${freshLabel('from-vault')}.dev.example.test`;
    await emptyForm(app);
    await app.getByLabel('Hostname').fill(hostname);
    await app.getByRole('textbox', { name: 'Addresses' }).fill('127.0.0.1');
    await app.getByText('Everything else has a default').click();
    await app.getByRole('combobox', { name: 'Issuer' }).click();
    await app.getByRole('option', { name: 'Vault', exact: true }).click();
    await pressRequest(app, hostname);
    await expect(app.getByText('Live', { exact: true }).first()).toBeVisible();
    await app.goto(`/certificates?q=${hostname}`);
    await expect(app.getByRole('row', { name: hostname })).toContainText(slug);

    await page.getByRole('button', { name: `Stop the issuer ${name}` }).click();
    await page.getByRole('button', { name: 'Stop the issuer', exact: true }).click();
    await expect(section(page, name)).toContainText('it signs nothing more');
  });
});
