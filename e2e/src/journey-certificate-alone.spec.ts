// A certificate for something that has its address from somebody else: in the portal, and by the commands of the guide.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endpointPage } from '@hostmaster/core/contract/endpoint-view';
import { rest } from './testing/api.ts';
import { begun, emptyForm, pressRequest } from './testing/ask.ts';
import { axeFindsNothing } from './testing/axe.ts';
import { freshLabel, instance, tokenOf } from './testing/instance.ts';
import { dig } from './testing/outside.ts';
import { expect, test } from './testing/portal.ts';

const run = promisify(execFile);

test('a certificate alone is asked for in the form, issued, and called so on every page; DNS answers nothing', async ({ portal }) => {
  const hostname = `${freshLabel('printer')}.dev.example.test`;
  const page = await portal.as('app');
  await emptyForm(page);
  await page.getByLabel('Hostname').fill(hostname);
  await page.getByRole('radio', { name: 'A certificate alone' }).click();
  await expect(page.getByText('For a printer, a database or whatever else')).toBeVisible();
  await expect(page.getByLabel('Health path')).toHaveCount(0);
  const plan = page.getByRole('complementary', { name: 'What will happen' });
  await expect(plan.getByText('At the name nothing is written in example.test: what stands there stays as it is.')).toBeVisible();
  await expect(plan.getByText('A probe')).toHaveCount(0);
  await axeFindsNothing(page, 'the form');
  await pressRequest(page, hostname);
  await expect(page.getByRole('heading', { level: 1, name: hostname })).toBeVisible();
  await expect(page.getByText('Everything is done')).toBeVisible();
  await expect(page.locator('header').getByText('Issued', { exact: true })).toBeVisible();

  await page.getByRole('link', { name: 'Open the endpoint' }).click();
  await expect(page.getByText('A certificate alone: what stands at the name is not Hostmaster’s.')).toBeVisible();
  await expect(page.locator('header').getByText('Issued', { exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'See for yourself' })).toHaveCount(0);
  await axeFindsNothing(page, 'the endpoint');
  expect(await dig(hostname, 'A')).toEqual([]);
  await page.getByRole('link', { name: 'Change', exact: true }).click();
  await expect(page.getByRole('radio', { name: 'A certificate alone' })).toBeChecked();
});

test('the guide: a device keeps its key, and fetches the chain by a program', async () => {
  const hostname = `${freshLabel('device')}.dev.example.test`;
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/certificate-for-a-device.md'), 'utf8');
  const commands = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, command = '']) =>
    command.replaceAll('printer.dev.example.test', hostname),
  );
  expect(commands).toHaveLength(3);
  const folder = mkdtempSync(join(tmpdir(), 'device-'));
  const env = { ...process.env, HOSTMASTER: instance.portal, HOSTMASTER_TOKEN: tokenOf('app') };
  const said = async (command = ''): Promise<string> =>
    (await run('bash', ['-euo', 'pipefail', '-c', command], { cwd: folder, env, timeout: 120_000 })).stdout;
  try {
    await said(commands[0]);
    expect(await said(commands[1])).toMatch(begun.stage);
    await expect
      .poll(async () => endpointPage.parse((await rest('app', 'GET', `/endpoints?search=${hostname}`)).body).rows[0]?.summary)
      .toBe('Issued');
    expect(await said(commands[2])).toContain(`DNS:${hostname}`);
    const [ofKey, ofCertificate] = await Promise.all([
      said('openssl pkey -in printer.key -pubout'),
      said('openssl x509 -in printer.chain.pem -noout -pubkey'),
    ]);
    expect(ofCertificate).toBe(ofKey);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
