// A certificate from elsewhere: the name waits for it, says what is wrong with the one that is brought first, is live with the next, and
// goes over to its successor, brought by a program.
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { rest } from './testing/api.ts';
import { emptyForm, pressRequest } from './testing/ask.ts';
import { axeFindsNothing } from './testing/axe.ts';
import { freshLabel, instance } from './testing/instance.ts';
import { expect, type Page, test } from './testing/portal.ts';

let folder: string;
const run = promisify(execFile);
const inFolder = async (script: string, more: Record<string, string> = {}): Promise<string> =>
  (await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env: { ...process.env, ...more }, timeout: 60_000 })).stdout;
/** A root that nobody here knows, and a certificate below it for a name. */
const issue = (name: string, file: string): Promise<string> =>
  inFolder(`
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${file}.key -subj /CN=${name} -out ${file}.csr 2> /dev/null
printf 'subjectAltName=DNS:${name}\\nextendedKeyUsage=serverAuth\\nbasicConstraints=CA:FALSE\\n' > ${file}.ext
openssl x509 -req -in ${file}.csr -CA root.pem -CAkey root.key -CAcreateserial -days 365 -extfile ${file}.ext -out ${file}.crt 2> /dev/null
openssl pkcs12 -export -inkey ${file}.key -in ${file}.crt -certfile root.pem -out ${file}.p12 -passout pass:geheim
openssl x509 -in ${file}.crt -noout -serial`);
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostmaster-import-'));
  await inFolder(`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout root.key -out root.pem -days 3650 \
    -subj '/O=Elsewhere/CN=Elsewhere Root' -addext keyUsage=critical,keyCertSign,cRLSign 2> /dev/null`);
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));
const served = (hostname: string): string =>
  spawnSync(
    'sh',
    [
      '-c',
      `openssl s_client -connect ${instance.edge.address}:${instance.edge.port} -servername ${hostname} -CAfile root.pem -verify_return_error < /dev/null 2> /dev/null | openssl x509 -noout -serial`,
    ],
    { cwd: folder, encoding: 'utf8' },
  ).stdout;

/** Of a maintainer, for certificates. */
async function makeToken(page: Page): Promise<string> {
  await page.goto('/tokens');
  await page.getByRole('button', { name: 'Make a token' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Make a token' });
  await dialog.getByLabel('What it is for').fill(freshLabel('import'));
  await dialog.getByRole('checkbox', { name: 'certificates:write' }).check();
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  const token = /hm_\S+/.exec(await dialog.getByText(/hm_/).innerText())?.[0] ?? '';
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  return token;
}

test('a certificate is imported: refused with what is wrong, live with the right one, and followed by the next', async ({ portal }) => {
  const hostname = `${freshLabel('bought')}.dev.example.test`;
  const [wrong, first, second] = [
    await issue('www.elsewhere.test', 'wrong'),
    await issue(hostname, 'first'),
    await issue(hostname, 'second'),
  ];
  expect(wrong).not.toBe(first);

  const page = await portal.as('app');
  await emptyForm(page);
  await page.getByLabel('Hostname').fill(hostname);
  await page.getByRole('textbox', { name: 'Addresses' }).fill('127.0.0.1');
  await page.getByText('Everything else has a default').click();
  await page.getByRole('combobox', { name: 'Issuer' }).click();
  await page.getByRole('option', { name: 'Imported' }).click();
  await expect(page.getByText('You import the certificate once the records are there.')).toBeVisible();
  await axeFindsNothing(page, 'the form');
  await pressRequest(page, hostname);
  await expect(page.getByRole('main')).toContainText(`order-platform imports a certificate for ${hostname}.`, { timeout: 60_000 });

  const found = (await rest('app', 'GET', `/endpoints?search=${hostname}`)).body as { rows: { id: string }[] };
  const id = found.rows[0]?.id ?? '';
  await page.goto(`/endpoints/${id}`);
  const bring = async (file: string): Promise<void> => {
    await page.getByRole('button', { name: 'Import certificate' }).click();
    await page.getByLabel('File').setInputFiles(join(folder, file));
    await page.getByLabel('Passphrase').fill('geheim');
    await axeFindsNothing(page, 'the dialog');
    await page.getByRole('button', { name: 'Import it' }).click();
  };
  await bring('wrong.p12');
  await expect(page.getByText('The certificate that was brought is not taken.')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('main')).toContainText(`It is for www.elsewhere.test, and not for ${hostname}.`);
  await axeFindsNothing(page, 'what was refused');
  await bring('first.p12');
  const now = async () => endpointDetail.parse((await rest('app', 'GET', `/endpoints/${id}`)).body);
  await expect.poll(async () => (await now()).state, { timeout: 60_000 }).toBe('live');
  expect(served(hostname)).toBe(first);
  await expect(page.getByRole('main')).toContainText('imported by its team');

  const blocks = [
    ...readFileSync(join(import.meta.dirname, '../../docs/guides/import-a-certificate.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g),
  ];
  const script = (blocks[2]?.[1] ?? '').replaceAll('orders.dev.example.test', hostname).replaceAll('orders.p12', 'second.p12');
  const env = { HOSTMASTER: instance.portal, HOSTMASTER_TOKEN: await makeToken(page), PASSPHRASE: 'geheim' };
  expect((await inFolder(script, env)).trim()).toBe('pending');
  await expect
    .poll(async () => (await now()).certificates.map(({ state }) => state), { timeout: 60_000 })
    .toEqual(['served', 'superseded']);
  expect(served(hostname)).toBe(second);
});
