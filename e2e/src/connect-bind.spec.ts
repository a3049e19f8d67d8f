// "Connect your BIND in five minutes", done as the page says: its own blocks are read from the file and used as they
// stand, with nothing adapted but paths and the port. Then a team is granted names in the zone, and one goes live.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorTable } from '@hostmaster/core/error-table';
import { freePort } from '@hostmaster/embedded/port';
import { smallZone } from '@hostmaster/embedded/testing/dns-servers';
import { askInForm } from './testing/ask.ts';
import { freshLabel, instance } from './testing/instance.ts';
import { dig } from './testing/outside.ts';
import { expect, type Page, test } from './testing/portal.ts';

const run = promisify(execFile);
const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/connect-your-bind.md'), 'utf8');
const guideZone = 'corp.example.test';
/** Debian keeps servers where an ordinary PATH does not look. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };

/** The one fenced block of that language that says so. */
function block(language: string, containing: string): string {
  const blocks = [...guide.matchAll(/```(\w+)\n([\s\S]*?)```/g)].filter(
    ([, name, text]) => name === language && text?.includes(containing),
  );
  expect(blocks, `blocks of the guide with "${containing}"`).toHaveLength(1);
  return blocks[0]?.[2] ?? '';
}

/** The row of the table of the form that is for a field. */
const row = (field: string): string => new RegExp(`^\\| ${field} \\| (.*) \\|$`, 'm').exec(guide)?.[1] ?? '';

type Bind = { readonly zone: string; readonly port: number; readonly secret: string; stop(): Promise<void> };

async function startBind(): Promise<Bind> {
  const folder = mkdtempSync(join(tmpdir(), 'hostmaster-guide-'));
  const zone = `${freshLabel('corp')}.test`;
  const port = await freePort();
  const adapt = (text: string): string =>
    text.replaceAll('/etc/bind/', `${folder}/`).replaceAll('/var/lib/bind/', `${folder}/`).replaceAll(guideZone, zone);
  // Step 1.
  await run('sh', ['-ec', adapt(block('sh', 'tsig-keygen'))], { env, timeout: 60_000 });
  const rights = adapt(block('sh', 'chmod'));
  // Only root may give a file away; a test that is not root reads what it made itself.
  await run('sh', ['-ec', process.getuid?.() === 0 ? rights : rights.replace(/^chown .*$/m, '')], { env, timeout: 60_000 });
  // Step 2. What a fresh named.conf holds around the block: where to listen, and nothing that is open to everybody.
  const around = `options { directory "${folder}"; pid-file none; session-keyfile none; listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; }; recursion no; dnssec-validation no; notify no; allow-transfer { none; }; };
controls { };
`;
  const config = join(folder, 'named.conf');
  writeFileSync(config, around + adapt(block('conf', 'update-policy')));
  writeFileSync(join(folder, `${zone}.zone`), smallZone(zone));
  await run('named-checkconf', [config], { env, timeout: 60_000 });
  const child = spawn('named', ['-g', '-n', '1', '-c', config], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let printed = '';
  child.stderr.on('data', (chunk) => (printed += chunk));
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await expect
      .poll(() => dig(zone, 'SOA', { address: '127.0.0.1', port }).catch(() => []), { intervals: [50], message: 'named answers' })
      .toHaveLength(1);
  } catch (error) {
    await stop();
    throw new Error(`named did not start:\n${printed.slice(-2000)}`, { cause: error });
  }
  const secret = /secret "([^"]+)"/.exec(readFileSync(join(folder, 'hostmaster.key'), 'utf8'))?.[1] ?? '';
  return { zone, port, secret, stop };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await exit;
  clearTimeout(insist);
}

/** Step 3: the form, filled in by the guide's table, and what it says tested. */
async function connect(page: Page, bind: Bind, zone: string, secret: string): Promise<void> {
  const [keyName = '', algorithm = ''] = [...row('Key name, algorithm').matchAll(/`([^`]+)`/g)].map(([, text]) => text ?? '');
  await page.goto('/zones');
  await page.getByRole('link', { name: 'Connect a zone' }).first().click();
  await page.getByLabel('Zone', { exact: true }).fill(zone);
  await page.getByLabel('Address of the primary').fill('127.0.0.1');
  await page.getByLabel('Port', { exact: true }).fill(`${bind.port}`);
  await page.getByLabel('Key name').fill(keyName);
  await expect(page.getByRole('combobox', { name: 'Algorithm' })).toContainText(algorithm);
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText('Give the secret.')).toHaveCount(1);
  await expect(page.getByRole('alert').filter({ hasText: 'trace' })).toHaveCount(0);
  await page.getByLabel('Secret').fill(secret);
  await page.getByText('Everything else has a default').click();
  await page.getByLabel('Servers that must agree').fill(`ns1.${zone} 127.0.0.1 ${bind.port}`);
  // Where this test's endpoints are served; a zone of an organisation leaves both as they are.
  await page.getByLabel('Port of endpoints').fill(`${instance.edge.port}`);
  await page.getByLabel('Private ranges that probes may reach').fill('127.0.0.0/8');
  await page.getByRole('button', { name: 'Test the connection' }).click();
}

/** The zone is there once the connection was tested, or all the same. */
async function store(page: Page, zone: string): Promise<void> {
  await page.getByRole('button', { name: 'Connect the zone' }).click();
  await expect(page.getByText(`The zone ${zone} is connected; its first reading is under way.`)).toBeVisible();
}

test('the guide, step by step: a BIND is connected and tested, and a name in its zone goes live', async ({ portal }) => {
  const bind = await startBind();
  try {
    const page = await portal.as('platform');
    await test.step('3. connect it', () => connect(page, bind, bind.zone, bind.secret));

    await test.step('4. test the connection', async () => {
      await expect(page.getByText('The connection works.', { exact: true })).toBeVisible();
      await expect(page.getByText('A test record was written and taken back.')).toBeVisible();
      await expect(page.getByText(`ns1.${bind.zone} is authoritative`)).toBeVisible();
      await store(page, bind.zone);
    });

    await test.step('5. grant it', async () => {
      await page.getByRole('link', { name: 'grant names in it', exact: true }).click();
      await page.getByRole('button', { name: 'Add a grant' }).first().click();
      const dialog = page.getByRole('dialog', { name: 'Add a grant' });
      await dialog.getByRole('combobox', { name: 'Team' }).click();
      await page.getByRole('option', { name: /Order platform/ }).click();
      await dialog.getByRole('textbox', { name: 'Suffix' }).fill(bind.zone);
      await dialog.getByRole('checkbox', { name: 'Production' }).check();
      await dialog.getByRole('button', { name: 'Add the grant' }).click();
      await expect(dialog).toBeHidden();
    });

    const name = `orders.${bind.zone}`;
    const app = await portal.as('app');
    await askInForm(app, name);
    await expect(app.getByText('Everything is done')).toBeVisible();
    expect(await dig(name, 'A', { address: '127.0.0.1', port: bind.port })).toEqual(['127.0.0.1']);
  } finally {
    await bind.stop();
  }
});

test('a wrong secret is told as what it is, with what to do', async ({ portal }) => {
  const bind = await startBind();
  try {
    const page = await portal.as('platform');
    const wrong = Buffer.alloc(32, 7).toString('base64');
    await connect(page, bind, bind.zone, wrong);
    await expect(page.getByRole('button', { name: 'Test again' })).toBeEnabled();
    for (const question of ['The zone can be read (AXFR)', 'The key may update'])
      await expect(page.getByRole('listitem').filter({ hasText: question })).toContainText(errorTable['dns-bad-key'].remedy);
    const [quoted = ''] = /(?<=\| \*)[^*]*the key[^*]*/.exec(guide) ?? [];
    const shown = new RegExp(quoted.split('…').join('.*'));
    await expect(page.getByRole('listitem').filter({ hasText: 'The zone can be read (AXFR)' }), 'as the guide has it').toContainText(shown);
    await expect(page.getByText('The connection works.', { exact: true })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Connect the zone' })).toHaveCount(0);
    // What was found was found of what was typed then.
    await page.getByLabel('Secret').fill(bind.secret);
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await expect(page.getByText('The connection works.', { exact: true })).toBeVisible();
  } finally {
    await bind.stop();
  }
});

test('a zone that was connected to the wrong port says so, is mended and read at once, and is removed', async ({ portal }) => {
  const bind = await startBind();
  try {
    const page = await portal.as('platform');
    // The page of the zone may ask for it once more while it is left.
    portal.tolerate(/answered 404: GET .*zones\.get/);
    await connect(page, { ...bind, port: await freePort() }, bind.zone, bind.secret);
    await page.getByRole('checkbox', { name: /^Connect it all the same/ }).check();
    await store(page, bind.zone);

    await test.step('what is wrong is said', async () => {
      await page.getByRole('button', { name: 'Read now' }).click();
      await expect(page.getByText(errorTable['dns-unreachable'].remedy)).toBeVisible();
    });

    await test.step('it is mended, with its secret given anew', async () => {
      await page.getByRole('link', { name: 'Edit', exact: true }).click();
      await page.getByRole('checkbox', { name: /^Change where it is kept/ }).check();
      await expect(page.getByLabel('Address of the primary')).toHaveValue('127.0.0.1');
      await page.getByLabel('Port', { exact: true }).fill(`${bind.port}`);
      await page.getByLabel('Servers that must agree').fill(`ns1.${bind.zone} 127.0.0.1 ${bind.port}`);
      await page.getByRole('textbox', { name: 'Secret' }).fill(bind.secret);
      await page.getByRole('button', { name: 'Test the connection' }).click();
      await expect(page.getByText('The connection works.', { exact: true })).toBeVisible();
      await page.getByRole('button', { name: 'Save the change' }).click();
    });

    await test.step('it is read', async () => {
      await expect(page.getByRole('table', { name: 'Record sets', exact: true })).toContainText(`ns1.${bind.zone}`);
      await expect(page.getByText(errorTable['dns-unreachable'].remedy)).toHaveCount(0);
    });

    await test.step('it is removed, and its apex is free', async () => {
      await page.getByRole('button', { name: 'Remove', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: `Remove ${bind.zone}?` });
      await expect(dialog).toContainText('What is on its servers stays as it is');
      await dialog.getByRole('button', { name: 'Remove the zone' }).click();
      await expect(page.getByRole('link', { name: 'example.test', exact: true })).toBeVisible();
      await expect(page.getByRole('link', { name: bind.zone, exact: true })).toHaveCount(0);
      await connect(page, bind, bind.zone, bind.secret);
      await store(page, bind.zone);
    });
  } finally {
    await bind.stop();
  }
});
