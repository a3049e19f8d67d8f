// The guides of the API's documentation and the README's command, followed as they are read: every command in its order, in
// one shell, with nothing put right on the way but the token, and a name that no earlier run has used.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test as browserless, expect } from '@playwright/test';
import { rest } from './testing/api.ts';
import { begun } from './testing/ask.ts';
import { freshLabel, instance, tokenOf } from './testing/instance.ts';
import { test } from './testing/portal.ts';

const run = promisify(execFile);
const inShell = async (script: string, cwd: string): Promise<string> =>
  (await run('bash', ['-euo', 'pipefail', '-c', script], { cwd, timeout: 240_000 })).stdout;

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'guides-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('each command of the guides does what is said of it, in the order in which they stand', async ({ portal }) => {
  const page = await portal.anonymous();
  await page.goto('/api/docs');
  const steps = await page
    .locator('[data-command]')
    .evaluateAll((items) =>
      items.map((item) => ({ command: item.getAttribute('data-command') ?? '', prints: item.getAttribute('data-prints') })),
    );
  expect(steps.length).toBeGreaterThan(12);
  const suffix = `${freshLabel('guide')}.dev.example.test`;
  for (const team of ['order-platform', 'payments'])
    expect((await rest('platform', 'POST', '/grants', { team, suffix, environments: ['dev'] })).status).toBe(201);
  const script = steps.map(({ command }, at) => `echo "--- ${at}"\n${command}`).join('\n');
  const adapted = script.replaceAll('invoices.dev.example.test', `invoices.${suffix}`).replace('hm_…', tokenOf('app'));
  await inFolder(async (folder) => {
    const printed = (await inShell(adapted, folder)).split(/^--- \d+\n/m).slice(1);
    expect(printed).toHaveLength(steps.length);
    for (const [at, { command, prints }] of steps.entries())
      if (prints !== null) expect(printed[at]?.toLowerCase(), command).toContain(prints.toLowerCase());
  });
});

browserless("the README's command makes a request, with the token that it reads", async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const [command = ''] = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, text]) =>
    text?.includes('HOSTMASTER_TOKEN') ? [text] : [],
  );
  const name = /"hostname":"([^"]+)"/.exec(command)?.[1] ?? '';
  // What the steps before it in the README ask for is another name.
  expect(readme.split(name)).toHaveLength(2);
  const adapted = command
    .replace('./.data/start.json', process.env.HOSTMASTER_START_JSON ?? '')
    .replaceAll('http://127.0.0.1:3000', instance.portal)
    .replaceAll(name, `${freshLabel('readme')}.dev.example.test`);
  await inFolder(async (folder) =>
    expect(JSON.parse(await inShell(adapted, folder))).toMatchObject({ state: expect.stringMatching(begun.state) }),
  );
});
