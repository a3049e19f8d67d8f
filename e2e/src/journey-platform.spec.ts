// A platform admin sees what there is and decides who may claim which names; the next verdict follows.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askByToken, emptyForm, finished } from './testing/ask.ts';
import { freshLabel, instance } from './testing/instance.ts';
import { expect, type Page, test } from './testing/portal.ts';

async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
}

const typedName = async (page: Page, name: string): Promise<void> => {
  await emptyForm(page);
  await page.getByLabel('Hostname').fill(name);
};

test('zones with their servers, grants by team, reservations and issuers are all there to see', async ({ portal }) => {
  const page = await portal.as('platform');
  await page.goto('/zones');
  await page.getByRole('link', { name: 'example.test', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Authoritative servers' })).toContainText('ns1.example.test');
  await page.getByRole('searchbox', { name: 'Filter record sets' }).fill('shop.dev.');
  await expect(page.getByRole('table', { name: 'Record sets', exact: true })).toContainText('shop.dev.example.test');
  await page.goto('/grants');
  await choose(page, 'Team', 'Payments');
  await expect(page.getByRole('table', { name: 'Grants' }).getByRole('row', { name: /order-platform/ })).toHaveCount(0);
  await expect(page.getByRole('table', { name: 'Grants' })).toContainText('pay.prod.example.test');
  await expect(page).toHaveURL(/team=payments/);
  await page.goto('/reservations');
  await expect(page.getByRole('row', { name: /login/ })).toContainText('security');
  await page.goto('/issuers');
  await expect(page.getByRole('main')).toContainText('internal-ca');
});

test('whoever has no account is told how a host trusts our certificates, and its commands do what they say', async ({ portal }) => {
  const page = await portal.anonymous();
  await page.goto('/trust');
  const shown = (label: string) => page.getByRole('region', { name: label }).innerText();
  const folder = await mkdtemp(join(tmpdir(), 'trust-'));
  const sh = (command: string, env: Record<string, string> = {}) =>
    spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH ?? '', ...env } });
  const fingerprints = [...sh(await shown('how the fingerprint is shown')).stdout.matchAll(/=([0-9A-F:]+)$/gm)].map(([, each]) => each);
  expect(fingerprints).toHaveLength(await page.getByRole('link', { name: /^hostmaster-[0-9a-f]{8}\.crt$/ }).count());
  expect(fingerprints).not.toEqual([]);
  for (const fingerprint of fingerprints) await expect(page.getByRole('main')).toContainText(`SHA-256 ${fingerprint}`);
  const check = await shown('how a host is checked');
  expect(sh(check).stderr).toContain('unable to get local issuer certificate');
  await page.getByRole('radio', { name: 'Node, Python, curl' }).click();
  const [bundled = ''] = (await shown('what Node, Python, curl is told')).split('\n');
  expect(sh(bundled).status).toBe(0);
  expect(sh(check, { SSL_CERT_FILE: 'root.pem' }).stdout).toMatch(/^(?:[a-z0-9-]+\.pem: OK\n)+$/);
  await rm(folder, { recursive: true });
});

test('a new grant opens names to a team, and revoking it closes them again', async ({ portal }) => {
  const suffix = `${freshLabel('labs')}.example.test`;
  const name = `tool.${suffix}`;
  const app = await portal.as('app');
  await typedName(app, name);
  await expect(app.getByText('suffix-granted', { exact: true })).toBeVisible();

  const page = await portal.as('platform');
  await page.goto('/grants');
  await page.getByRole('button', { name: 'Add a grant' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add a grant' });

  await test.step('what is missing is said beside its field', async () => {
    await dialog.getByRole('button', { name: 'Add the grant' }).click();
    for (const text of ['Choose the team.', 'Give the suffix.', 'Choose at least one.']) await expect(dialog.getByText(text)).toBeVisible();
  });

  await choose(page, 'Team', /Order platform/);
  await dialog.getByRole('textbox', { name: 'Suffix' }).fill(suffix);
  await dialog.getByRole('checkbox', { name: 'Development' }).check();
  await dialog.getByRole('button', { name: 'Add the grant' }).click();
  await expect(dialog).toBeHidden();

  await typedName(app, name);
  await expect(app.getByText('You may have this name.')).toBeVisible();

  await page.goto(`/grants?q=${suffix}`);
  await page.getByRole('button', { name: `Revoke ${suffix} from order-platform` }).click();
  await page.getByRole('button', { name: 'Revoke the grant' }).click();
  await expect(page.getByText('No grant is like that')).toBeVisible();
  await typedName(app, name);
  await expect(app.getByText('suffix-granted', { exact: true })).toBeVisible();
});

test('a grant that has ended says whose names it takes before it counts again, and is confirmed', async ({ portal }) => {
  const suffix = `${freshLabel('ended')}.dev.example.test`;
  const { operation } = await askByToken('app', `tool.${suffix}`);
  await finished('app', operation?.id ?? '');
  const page = await portal.as('platform');
  const ends = Date.now() + 3000;
  const data = { team: 'payments', suffix, environments: ['dev'], expiresAt: new Date(ends).toISOString() };
  const made = await page.request.post('/api/trpc/grants.create', { data, headers: { Origin: instance.portal } });
  expect(made.status(), await made.text()).toBe(200);
  await expect.poll(() => Date.now()).toBeGreaterThan(ends);

  await page.goto(`/grants?q=${suffix}`);
  await page.getByRole('button', { name: `Change the grant of ${suffix} to payments` }).click();
  const dialog = page.getByRole('dialog', { name: `Change ${suffix} of payments` });
  await dialog.getByLabel('Until').fill('2036-01-01');
  await dialog.getByRole('button', { name: 'Save the change' }).click();
  await expect(dialog.getByText('1 name of other teams can no longer be changed by them.')).toBeVisible();
  await expect(dialog.getByText(`order-platform: tool.${suffix}`)).toBeVisible();
  await dialog.getByRole('checkbox', { name: 'Grant it all the same' }).check();
  await dialog.getByRole('button', { name: 'Save the change' }).click();
  await expect(dialog).toBeHidden();

  await page.getByRole('button', { name: `Revoke ${suffix} from payments` }).click();
  await page.getByRole('button', { name: 'Revoke the grant' }).click();
  await expect(page.getByText('No grant is like that')).toBeVisible();
});

test('a new reservation asks for a review with its own reason, and removing it lifts that', async ({ portal }) => {
  const label = freshLabel('vault');
  const name = `${label}.dev.example.test`;
  const reason = 'Names of the vault are handed out by security.';
  const app = await portal.as('app');
  await typedName(app, name);
  await expect(app.getByText('You may have this name.')).toBeVisible();

  const page = await portal.as('platform');
  await page.goto('/reservations');
  await page.getByRole('button', { name: 'Reserve a name' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Reserve a name' });
  await dialog.getByLabel('Name', { exact: true }).fill(label);
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name: 'Reserve it' }).click();
  await expect(dialog).toBeHidden();

  await typedName(app, name);
  await expect(app.getByText('You may ask for this name; security must look at it first.')).toBeVisible();
  await expect(app.getByText(reason)).toBeVisible();

  await page
    .getByRole('row', { name: label })
    .getByRole('button', { name: /Remove/ })
    .click();
  await page.getByRole('button', { name: 'Remove the reservation' }).click();
  await expect(page.getByRole('row', { name: label })).toHaveCount(0);
  await typedName(app, name);
  await expect(app.getByText('You may have this name.')).toBeVisible();
});

test('an environment and a cluster are added, chosen in a request, refused while they are used, and removed', async ({ portal }) => {
  const environment = freshLabel('qa');
  const cluster = freshLabel('k8s');
  const page = await portal.as('platform');

  await page.goto('/environments');
  await page.getByRole('button', { name: 'Add an environment' }).first().click();
  const made = page.getByRole('dialog', { name: 'Add an environment' });
  await made.getByRole('button', { name: 'Add the environment' }).click();
  await expect(made.getByText('Give the name that people read.')).toBeVisible();
  await made.getByLabel('Name', { exact: true }).fill(`Quality ${environment}`);
  await made.getByLabel('Short name').fill(environment);
  await made.getByRole('button', { name: 'Add the environment' }).click();
  await expect(made).toBeHidden();
  await expect(page.getByRole('row', { name: environment })).toContainText('not used yet');

  await page.goto('/clusters');
  await page.getByRole('button', { name: 'Add a cluster' }).first().click();
  const added = page.getByRole('dialog', { name: 'Add a cluster' });
  await added.getByLabel('Short name').fill(cluster);
  await added.getByLabel('Hostname').fill(`${cluster}.clusters.example.test`);
  await choose(page, 'Environment', new RegExp(`Quality ${environment}`));
  await added.getByLabel(/^Certificates at most/).fill('25');
  await added.getByRole('button', { name: 'Add the cluster' }).click();
  await expect(added).toBeHidden();
  await expect(page.getByRole('row', { name: cluster })).toContainText('0 of 25');

  const app = await portal.as('app');
  await typedName(app, `${freshLabel('orders')}.dev.example.test`);
  await app.getByRole('radio', { name: 'A cluster' }).click();
  await choose(app, 'Cluster', new RegExp(`^${cluster}\\.clusters`));
  const otherEnvironment = app.getByText(`Cluster ${cluster} is ${environment}, and the name is asked for in dev.`);
  await expect(otherEnvironment).toBeVisible();
  await app.getByText('Everything else has a default').click();
  await choose(app, 'Environment', `Quality ${environment}`);
  await expect(app.getByText(`not for ${environment}.`)).toBeVisible();
  await expect(otherEnvironment).toHaveCount(0);

  await page.goto('/zones/new');
  await page.getByText('Everything else has a default').click();
  await page.getByRole('checkbox', { name: `Quality ${environment}` }).check();

  await page.goto('/environments');
  await page.getByRole('button', { name: `Remove the environment Quality ${environment}` }).click();
  await page.getByRole('button', { name: 'Remove the environment', exact: true }).click();
  await expect(page.getByText(`Environment ${environment} is used by 1 cluster (${cluster}).`)).toBeVisible();
  await page.getByRole('button', { name: 'Keep it' }).click();

  await page.goto('/clusters');
  await page.getByRole('button', { name: `Change the cluster ${cluster}` }).click();
  await page.getByLabel('Hostname', { exact: true }).fill(`${cluster}-b.clusters.example.test`);
  await page.getByRole('button', { name: 'Save the change' }).click();
  await expect(page.getByRole('row', { name: cluster })).toContainText(`${cluster}-b.clusters.example.test`);
  await page.getByRole('button', { name: `Remove the cluster ${cluster}` }).click();
  await page.getByRole('button', { name: 'Remove the cluster', exact: true }).click();
  await expect(page.getByRole('row', { name: cluster })).toHaveCount(0);
  await page.goto('/environments');
  await page.getByRole('button', { name: `Remove the environment Quality ${environment}` }).click();
  await page.getByRole('button', { name: 'Remove the environment', exact: true }).click();
  await expect(page.getByRole('row', { name: environment })).toHaveCount(0);
});

test('security lifts a rule for a name until a day, the verdict follows and says so, and ending it lets the rule hold again', async ({
  portal,
}) => {
  const name = `*.${freshLabel('lifted')}.dev.example.test`;
  const app = await portal.as('app');
  await typedName(app, name);
  await expect(app.getByText('wildcard-granted', { exact: true })).toBeVisible();

  const page = await portal.as('security');
  await page.goto('/exceptions');
  await page.getByRole('button', { name: 'Record an exception' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Record an exception' });
  await choose(page, 'Rule', 'wildcard-granted');
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Until').fill(new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10));
  await dialog.getByLabel('Reason').fill('A tenant for each customer, agreed until the migration.');
  await dialog.getByRole('button', { name: 'Record the exception' }).click();
  await expect(dialog).toBeHidden();
  await typedName(app, name);
  await expect(app.getByText('You may ask for this name; security must look at it first.')).toBeVisible();

  await page.getByRole('button', { name: `End the exception from wildcard-granted for ${name}` }).click();
  await page.getByRole('button', { name: 'End the exception', exact: true }).click();
  await expect(page.getByRole('row', { name })).toContainText('Ended');
  await typedName(app, name);
  await expect(app.getByText('wildcard-granted', { exact: true })).toBeVisible();
});

test('who is no platform admin may look, and is offered nothing to change', async ({ portal }) => {
  const page = await portal.as('app');
  for (const path of ['/zones', '/clusters', '/environments', '/grants', '/reservations', '/exceptions', '/issuers', '/teams']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('main').getByRole('button', { name: /Add|Change|Record|Reserve|Revoke|Remove/ })).toHaveCount(0);
    await expect(page.getByRole('main').getByRole('link', { name: /Connect/ })).toHaveCount(0);
  }
});
