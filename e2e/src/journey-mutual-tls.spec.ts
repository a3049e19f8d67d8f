// Certificates for both sides of mutual TLS: in the portal, and by the commands of the guide, with a handshake that takes them.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { endpointPage } from '@hostmaster/core/contract/endpoint-view';
import { rest } from './testing/api.ts';
import { emptyForm, pressRequest } from './testing/ask.ts';
import { axeFindsNothing } from './testing/axe.ts';
import { freshLabel, instance, tokenOf } from './testing/instance.ts';
import { expect, test } from './testing/portal.ts';

const run = promisify(execFile);

test('a certificate for a server and a client, with a SPIFFE ID, is asked for in the form and reads back the same', async ({ portal }) => {
  const hostname = `${freshLabel('mutual')}.dev.example.test`;
  const page = await portal.as('app');
  await emptyForm(page);
  await page.getByLabel('Hostname').fill(hostname);
  await page.getByRole('textbox', { name: 'Addresses' }).fill('127.0.0.1');
  await page.getByText('Everything else has a default').click();
  await page.getByRole('combobox', { name: 'Used by' }).click();
  await page.getByRole('option', { name: 'A server and a client' }).click();
  await page.getByLabel('Private IPs on the certificate').fill('8.8.8.8');
  await expect(page.getByText('8.8.8.8 is no private address, and certificates speak for no other here.')).toBeVisible();
  await page.getByLabel('Private IPs on the certificate').fill('');
  await page.getByLabel('SPIFFE ID').fill('spiffe://elsewhere');
  await expect(page.getByText('A SPIFFE ID is spiffe://, a trust domain in lower case, and a path.')).toBeVisible();
  await page.getByLabel('SPIFFE ID').fill(`spiffe://${hostname}/api`);
  await axeFindsNothing(page, 'the form');
  await pressRequest(page, hostname);
  await expect(page.getByText('Everything is done')).toBeVisible();

  const { rows } = endpointPage.parse((await rest('app', 'GET', `/endpoints?search=${hostname}`)).body);
  await page.goto(`/endpoints/${rows[0]?.id ?? ''}`);
  await page.getByRole('link', { name: 'Change', exact: true }).click();
  await page.getByText('Everything else has a default').click();
  await expect(page.getByRole('combobox', { name: 'Used by' })).toHaveText('A server and a client');
  await expect(page.getByLabel('SPIFFE ID')).toHaveValue(`spiffe://${hostname}/api`);
});

test('a certificate for two hours is asked for in the form, and its pages say hours and minutes', async ({ portal }) => {
  const hostname = `${freshLabel('hourly')}.dev.example.test`;
  const page = await portal.as('app');
  await emptyForm(page);
  await page.getByLabel('Hostname').fill(hostname);
  await page.getByRole('textbox', { name: 'Addresses' }).fill('127.0.0.1');
  await page.getByText('Everything else has a default').click();
  const lifetime = page.getByRole('textbox', { name: 'Lifetime' });
  await lifetime.fill('0h');
  await expect(page.getByText('A certificate is valid for an hour at least')).toBeVisible();
  await lifetime.fill('400');
  await expect(page.getByText('The certificate would be valid for 400 days').first()).toBeVisible();
  await lifetime.fill('2h');
  await expect(page.getByText('2 hours, renewed by itself 1 h before it ends')).toBeVisible();
  await pressRequest(page, hostname);
  await expect(page.getByText('Everything is done')).toBeVisible();

  const { rows } = endpointPage.parse((await rest('app', 'GET', `/endpoints?search=${hostname}`)).body);
  await page.goto(`/endpoints/${rows[0]?.id ?? ''}`);
  await expect(page.getByText(/in (?:1 h|5\d min), \d/)).toBeVisible();
  await expect(page.getByText(/by itself, in (?:1 h|5\d min)/)).toBeVisible();
  await page.goto(`/certificates/${rows[0]?.certificate?.serial ?? ''}`);
  await expect(page.getByText(/^1 h left$/)).toBeVisible();
  await axeFindsNothing(page, 'the page of a short certificate');
});

test('the guide: a client keeps its key, and is let in by a server that asks for a certificate', async () => {
  const hostname = `${freshLabel('worker')}.dev.example.test`;
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/mutual-tls.md'), 'utf8');
  const commands = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, command = '']) =>
    command.replaceAll('worker.dev.example.test', hostname),
  );
  expect(commands).toHaveLength(3);
  const folder = mkdtempSync(join(tmpdir(), 'mutual-'));
  const env = { ...process.env, HOSTMASTER: instance.portal, HOSTMASTER_TOKEN: tokenOf('app') };
  const said = async (command = ''): Promise<string> =>
    (await run('bash', ['-euo', 'pipefail', '-c', command], { cwd: folder, env, timeout: 120_000 })).stdout;
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  try {
    await said(commands[0]);
    expect(await said(commands[1])).toBe('create\n');
    await expect
      .poll(async () => endpointPage.parse((await rest('app', 'GET', `/endpoints?search=${hostname}`)).body).rows[0]?.summary)
      .toBe('Issued');
    const shown = await said(commands[2]);
    expect(shown).toContain('worker.chain.pem: OK');
    expect(shown).toContain(`URI:spiffe://${hostname}/billing`);
    expect(shown).toContain('TLS Web Client Authentication');
    expect(shown).not.toContain('TLS Web Server Authentication');

    await said('openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout s.key -out s.pem -subj /CN=server -days 1');
    const server = createServer({ key: read('s.key'), cert: read('s.pem'), ca: read('root.pem'), requestCert: true }, (request, response) =>
      response.end((request.socket as TLSSocket).getPeerCertificate().subjectaltname),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const call = `curl -sSk https://127.0.0.1:${port}/`;
      expect(await said(`${call} --cert worker.chain.pem --key worker.key`)).toBe(`DNS:${hostname}, URI:spiffe://${hostname}/billing`);
      await expect(said(call)).rejects.toThrow();
    } finally {
      server.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
