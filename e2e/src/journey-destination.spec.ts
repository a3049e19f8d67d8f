// A platform admin connects a cluster of Kubernetes, attaches it to where names lead, and a name's certificate becomes a Secret there; its
// page says so. The cluster is a fake of its API server, beside the instance.
import { type FakeKubernetes, startFakeKubernetes } from '@hostmaster/adapters/testing/kubernetes/fake-kubernetes';
import { rest } from './testing/api.ts';
import { freshLabel } from './testing/instance.ts';
import { expect, type Page, test } from './testing/portal.ts';

let fake: FakeKubernetes;
test.beforeAll(async () => {
  fake = await startFakeKubernetes(['ingress', 'orders']);
});
test.afterAll(() => fake.close());

async function fillConnection(page: Page, token: string): Promise<void> {
  await page.getByLabel('Address', { exact: true }).fill(fake.address);
  await page.getByLabel('Namespace').fill('ingress');
  await page.getByLabel('Trusted for its address').fill(fake.trust);
  await page.getByLabel('Addresses').fill('127.0.0.0/8');
  await page.getByLabel('Token').fill(token);
}

test('a destination is connected, tested and attached to a cluster, and the page of a name says what is held there', async ({ portal }) => {
  portal.tolerate(/^answered 400: POST .*destinations\.connect/);
  portal.tolerate(/^answered 409: POST .*destinations\.remove/);
  const slug = freshLabel('k8s');
  const page = await portal.as('platform');
  await page.goto('/destinations');
  await page.getByRole('main').getByRole('link', { name: 'Connect a destination' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Connect a destination' })).toBeVisible();
  await page.getByLabel('Short name').fill('Not So');
  await fillConnection(page, 'wrong');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText('The destination does not take the token', { exact: false }).first()).toBeVisible();
  await page.getByLabel('Token').fill(fake.token);
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText('The connection works.')).toBeVisible();
  await page.getByRole('button', { name: 'Connect the destination' }).click();
  await expect(page.getByText('Use lower-case letters, digits and inner hyphens.')).toBeVisible();
  await page.getByLabel('Short name').fill(slug);
  await page.getByRole('button', { name: 'Connect the destination' }).click();
  await expect(page).toHaveURL(/\/destinations$/);
  await expect(page.getByRole('heading', { name: slug })).toBeVisible();
  expect(await page.content()).not.toContain(fake.token);

  await page.goto('/clusters');
  await page.getByRole('button', { name: 'Add a cluster' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Short name').fill(slug);
  await dialog.getByLabel('Hostname').fill(`${slug}.clusters.example.test`);
  await dialog.getByLabel('Environment').click();
  await page.getByRole('option', { name: /dev/i }).first().click();
  await dialog.getByLabel('Certificates go to').click();
  await page.getByRole('option', { name: new RegExp(slug) }).click();
  await dialog.getByRole('button', { name: 'Add the cluster' }).click();
  await expect(page.getByText(`certificates to ${slug}`).filter({ visible: true })).toBeVisible();

  const hostname = `${freshLabel('held')}.dev.example.test`;
  const contract = { hostname, team: 'order-platform', target: { cluster: slug }, routing: { backend: { namespace: 'orders' } } };
  const asked = await rest('app', 'POST', '/requests', { kind: 'create', contract });
  expect(asked.status).toBe(201);
  await expect.poll(() => fake.secrets.names()).toContain(`orders/tls.${hostname}`);
  await page.goto(`/endpoints?search=${hostname}`);
  await page.getByRole('main').getByRole('link', { name: hostname }).first().click();
  const delivered = page.locator('section', { has: page.getByRole('heading', { name: 'Delivered to' }) });
  await expect(delivered).toContainText(slug);
  await expect(delivered).toContainText(`orders/tls.${hostname}`);
  await expect(delivered).toContainText('It holds');

  await page.goto('/destinations');
  await page.getByRole('button', { name: `Remove the destination ${slug}` }).click();
  await page.getByRole('button', { name: 'Remove the destination', exact: true }).click();
  await expect(page.getByText(`The destination ${slug} is attached to ${slug}.`)).toBeVisible();
});
