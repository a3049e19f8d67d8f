// A maintainer takes the private key of a certificate away: once, in files that OpenSSL opens and nginx serves with.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificatePage } from '@hostmaster/core/contract/certificate';
import { rest } from './testing/api.ts';
import { askByToken, readRequest } from './testing/ask.ts';
import { axeFindsNothing } from './testing/axe.ts';
import { freshLabel, passwordOf } from './testing/instance.ts';
import { expect, test } from './testing/portal.ts';

let folder: string;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostmaster-key-'));
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));
const said = (command: string): string => spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' }).stdout;
/** Of the guide, for this name. */
const guideCommands = (hostname: string): string[] =>
  [...readFileSync(join(import.meta.dirname, '../../docs/guides/install-by-hand.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(
    ([, command = '']) => command.replaceAll('orders.dev.example.test', hostname),
  );

test('a private key is taken away once: refused with another password, in files for every server, and the page says who has it', async ({
  portal,
}) => {
  portal.tolerate(/^answered 401: POST .*certificates\.exportKey/);
  const hostname = `${freshLabel('taken')}.dev.example.test`;
  const { id } = await askByToken('app', hostname);
  await expect.poll(async () => (await readRequest('app', id)).operation?.state, { timeout: 60_000 }).toBe('succeeded');
  const [row] = certificatePage.parse((await rest('app', 'GET', `/certificates?search=${hostname}`)).body).rows;
  const serial = row?.serial ?? '';

  const others = await portal.as('platform');
  await others.goto(`/certificates/${serial}`);
  await expect(others.getByRole('button', { name: 'Revoke…' })).toBeVisible();
  await expect(others.getByRole('button', { name: 'Take the private key…' })).toHaveCount(0);

  const page = await portal.as('app');
  await page.goto(`/certificates/${serial}`);
  await page.getByRole('button', { name: 'Take the private key…' }).click();
  await page.getByLabel('Your password').fill('not this one at all');
  await page.getByRole('button', { name: 'Take the key' }).click();
  await expect(page.getByText('This is not your current password.')).toBeVisible();
  await page.getByLabel('Your password').fill(passwordOf('app'));
  await page.getByRole('button', { name: 'Take the key' }).click();
  const files = page.getByRole('list', { name: 'Files' });
  await expect(files).toBeVisible();
  await axeFindsNothing(page, 'the files');
  // The page behind it is read again, and says by then that the key was taken: what was taken stays.
  await page.waitForResponse((answer) => answer.url().includes('certificates.get'));
  for (const ending of ['key.pem', 'chain.pem', 'p12', 'legacy.p12', 'secret.yaml']) {
    const saved = page.waitForEvent('download');
    await files.getByRole('button', { name: `Save ${hostname}.${ending}`, exact: true }).click();
    await (await saved).saveAs(join(folder, `${hostname}.${ending}`));
  }
  const passphrase = await page
    .getByText(/^Passphrase/)
    .locator('code')
    .innerText();
  expect(guideCommands(hostname)).toHaveLength(2);
  const [subject, both = ''] = guideCommands(hostname).map(said);
  expect(subject).toContain(`CN = ${hostname}`);
  const [ofCertificate, ofKey] = both.trim().split('\n');
  expect(ofKey).toBe(ofCertificate);
  for (const store of ['p12', 'legacy.p12'])
    expect(said(`openssl pkcs12 -in '${hostname}.${store}' -nodes -nocerts -passin 'pass:${passphrase}'`)).toContain('BEGIN PRIVATE KEY');

  await page.getByRole('button', { name: 'I have saved it' }).click();
  await expect(page.getByRole('main')).toContainText('taken away by Ada Park');
  await expect(page.getByRole('button', { name: 'Take the private key…' })).toHaveCount(0);
  await page.goto(`/endpoints/${row?.endpointId}`);
  await expect(page.getByRole('main')).toContainText('took the private key of a certificate away');
});
