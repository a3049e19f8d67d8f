// docs/guides/discover-certificates.md: a platform admin allows a host to be looked at, a certificate that nobody asked for is found there,
// its page says whose it likely is, and security says that it is in order.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { createTestCa } from '@hostmaster/adapters/testing/test-ca';
import { discoveredPage, discoveryScope } from '@hostmaster/core/contract/discovery';
import { rest } from './testing/api.ts';
import { axeFindsNothing } from './testing/axe.ts';
import { freshLabel } from './testing/instance.ts';
import { expect, test } from './testing/portal.ts';

const hostname = `${freshLabel('forgotten')}.dev.example.test`;
let server: Server;
let port = 0;
test.beforeAll(async () => {
  const ca = await createTestCa();
  const { fullchainPem: cert, privateKeyPem: key } = await ca.leaf([hostname]);
  server = createServer({ cert, key });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  port = typeof bound === 'object' && bound !== null ? bound.port : 0;
});
test.afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

test('a certificate that nobody asked for is found, has a likely owner, and is known once security says so', async ({ portal }) => {
  const name = freshLabel('This machine');
  const platform = await portal.as('platform');
  await platform.goto('/discovered');
  await platform.getByRole('main').getByRole('link', { name: 'Where is looked' }).first().click();
  await expect(platform.getByRole('heading', { level: 1, name: 'Where is looked' })).toBeVisible();
  await platform.getByRole('button', { name: 'Allow hosts to be looked at' }).first().click();
  const dialog = platform.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Hosts and ranges').fill('169.254.0.0/16');
  await dialog.getByLabel('Ports').fill(String(port));
  await dialog.getByRole('button', { name: 'Allow it' }).click();
  await expect(dialog.getByText('where cloud metadata services live', { exact: false })).toBeVisible();
  await axeFindsNothing(platform, 'allowing hosts to be looked at');
  await dialog.getByLabel('Hosts and ranges').fill('127.0.0.1');
  await dialog.getByRole('button', { name: 'Allow it' }).click();
  await expect(dialog).toBeHidden();

  const found = async () => discoveredPage.parse((await rest('security', 'GET', `/discovered-certificates?search=${hostname}`)).body).rows;
  await expect.poll(async () => (await found()).length, { timeout: 30_000 }).toBe(1);
  await platform.reload();
  await expect(platform.getByText('1 of 1 place had a certificate').filter({ visible: true })).toBeVisible();

  const security = await portal.as('security');
  await security.goto('/');
  await security.getByRole('link', { name: 'found that Hostmaster did not issue' }).click();
  await security.getByRole('link', { name: hostname }).click();
  await expect(security.getByText('Hostmaster did not issue it, and nobody said that it is in order.')).toBeVisible();
  await expect(security.getByText('its grant is for dev.example.test')).toBeVisible();
  await expect(security.getByText(`127.0.0.1:${port}`)).toBeVisible();
  await axeFindsNothing(security, 'what was found');
  await expect(security.getByRole('link', { name: `Ask for ${hostname} here` })).toHaveAttribute(
    'href',
    `/requests/new?hostname=${hostname}`,
  );
  await security.getByRole('button', { name: 'Mark as known' }).click();
  const asked = security.getByRole('dialog');
  await asked.getByRole('button', { name: 'Mark as known' }).click();
  await expect(asked.getByText('Say why it is in order.')).toBeVisible();
  await asked.getByLabel('Reason').fill('The appliance renews it by itself.');
  await asked.getByRole('button', { name: 'Mark as known' }).click();
  await expect(security.getByText('The appliance renews it by itself.')).toBeVisible();
  await expect(security.getByText(/said that it is in order, until/)).toBeVisible();
  expect((await found())[0]?.verdict).toBe('known');

  await platform.getByRole('button', { name: `Remove the scope ${name}` }).click();
  await platform.getByRole('dialog').getByRole('button', { name: 'Remove the scope' }).click();
  await expect(platform.getByText(`${name} is looked at no more.`)).toBeVisible();
  await expect(platform.getByRole('button', { name: `Remove the scope ${name}` })).toBeHidden();
});

test('a log is connected, says what is wrong with it, and is removed', async ({ portal }) => {
  const platform = await portal.as('platform');
  const address = `https://127.0.0.1:${port}/${freshLabel('log')}/`;
  await platform.goto('/discovered');
  await platform.getByRole('main').getByRole('link', { name: 'Logs that are read' }).first().click();
  await expect(platform.getByRole('heading', { level: 1, name: 'Logs that are read' })).toBeVisible();
  await platform.getByRole('button', { name: 'Connect a log' }).first().click();
  const dialog = platform.getByRole('dialog');
  await dialog.getByLabel('Address').fill(address);
  await dialog.getByLabel('Public key').fill('no key');
  await dialog.getByRole('button', { name: 'Connect it' }).click();
  await expect(dialog.getByText('That is no key that a log signs with', { exact: false })).toBeVisible();
  await axeFindsNothing(platform, 'connecting a log');
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await dialog.getByLabel('Public key').fill(String(publicKey.export({ format: 'pem', type: 'spki' })));
  await dialog.getByRole('button', { name: 'Connect it' }).click();
  await expect(dialog).toBeHidden();
  const row = platform.getByRole('row').filter({ hasText: address });
  await expect(async () => {
    await platform.reload();
    await expect(row.getByText('may not be reached', { exact: false }).filter({ visible: true }).first()).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 30_000 });
  await axeFindsNothing(platform, 'which logs are read');
  await platform.getByRole('button', { name: `Read now from ${address}` }).click();
  await expect(platform.getByText(`Workers read ${address} now.`)).toBeVisible();
  await platform.getByRole('button', { name: `Remove the log ${address}` }).click();
  await platform.getByRole('dialog').getByRole('button', { name: 'Remove the log' }).click();
  await expect(platform.getByText(`${address} is read no more.`)).toBeVisible();
});

test('the commands of the guide do what it says', async () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/discover-certificates.md'), 'utf8');
  const body: Record<string, unknown> = JSON.parse(/-d '([^']+)'/.exec(guide)?.[1] ?? 'null');
  const made = await rest('platform', 'POST', '/discovery-scopes', {
    ...body,
    name: freshLabel('Guide'),
    targets: ['127.0.0.1'],
    ports: [port],
  });
  expect(made.status).toBe(201);
  const { id, places } = discoveryScope.parse(made.body);
  expect(places).toBe(1);
  const path = /api\/v1(\/discovered-certificates\?[^"]+)"/.exec(guide)?.[1] ?? '';
  expect((await rest('platform', 'GET', path)).status).toBe(200);
  expect((await rest('platform', 'DELETE', `/discovery-scopes/${id}`)).status).toBe(204);
});
