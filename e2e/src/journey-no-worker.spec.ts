// The worker hangs, or is gone: every page on which somebody waits for it says so, since when and who must act; once it works
// again, what was asked meanwhile is done and nobody is told of workers any more.
import { askByToken, askInForm, finished, readRequest } from './testing/ask.ts';
import { freshLabel, instance, workerPids } from './testing/instance.ts';
import { expect, type Page, test } from './testing/portal.ts';

const unseen = 'No worker works any more';
const stalled = /No worker has been seen since .* UTC; this goes on by itself as soon as one works\./;
/** A worker is missed after twenty seconds; a page that is open asks again every fifteen. */
const soon = { timeout: 120_000 };

const signalWorkers = (signal: NodeJS.Signals): void => {
  for (const pid of workerPids()) process.kill(pid, signal);
};
const status = async (): Promise<unknown> => {
  const answer = await fetch(`${instance.portal}/api/health`);
  return { code: answer.status, ...Object(await answer.json()) };
};
const needs = (page: Page) => page.getByRole('list', { name: 'What needs you' }).getByRole('listitem');

test.afterEach(() => signalWorkers('SIGCONT'));

test('while the worker hangs, every page on which somebody waits for it says so, and afterwards none', async ({ portal }) => {
  test.slow();
  const live = await askByToken('app', `${freshLabel('live')}.dev.example.test`);
  await finished('app', live.operation?.id ?? '');
  const { endpointId } = await readRequest('app', live.id);
  expect(workerPids().length).toBeGreaterThan(0);
  const page = await portal.as('app');
  const home = await portal.as('auditor');
  await home.goto('/');
  await expect(home.getByText(unseen)).toHaveCount(0);

  signalWorkers('SIGSTOP');
  await test.step('the first page says it to everybody, also one that is open, and before anything else', async () => {
    await expect(needs(home).first()).toContainText(unseen, soon);
    await expect(
      needs(home)
        .first()
        .getByText(/^last seen \d+ (s|min) ago$/),
    ).toBeVisible();
    await expect(home.getByRole('heading', { level: 1 })).not.toHaveText('All clear');
    await expect(home.getByText('Nothing needs you.')).toHaveCount(0);
    await page.goto('/');
    await expect(needs(page).first()).toContainText('Whoever runs Hostmaster has to start one.');
  });

  await test.step('monitoring is told, and the portal is not taken for dead', async () => {
    expect(await status()).toMatchObject({ code: 200, ready: true, status: 'degraded' });
  });

  await test.step('so does every page that shows what workers do', async () => {
    for (const path of ['/endpoints', `/endpoints/${endpointId}`, '/certificates', '/discovered', '/zones', '/requests']) {
      await page.goto(path);
      await expect(page.getByText(/^No worker works any more, last seen .* ago\.$/)).toBeVisible();
      await expect(page.getByText('All clear')).toHaveCount(0);
    }
  });

  const label = freshLabel('waits');
  await test.step('a request says what it waits for and who must act', async () => {
    await askInForm(page, `${label}.dev.example.test`);
    await expect(page.getByRole('list', { name: 'Steps' }).getByText(stalled)).toBeVisible();
    await expect(page.getByText('Moves next: whoever runs Hostmaster')).toBeVisible();
    await expect(page.getByText('a worker takes it next')).toHaveCount(0);
  });

  await test.step('“Check now” says so and can be pressed again', async () => {
    const other = await portal.as('app');
    await other.goto(`/endpoints/${endpointId}`);
    await other.getByRole('button', { name: 'Check now' }).click();
    await expect(other.getByRole('heading', { name: 'Waits for a worker' })).toBeVisible();
    await expect(other.getByRole('list', { name: 'Steps' }).getByText(stalled)).toBeVisible();
    await expect(other.getByRole('button', { name: 'Check now' })).toBeEnabled();
  });

  const zone = await portal.as('platform');
  await test.step('“Test connection” says so and can be pressed again', async () => {
    await zone.goto('/zones');
    await zone.getByRole('link', { name: 'example.test', exact: true }).click();
    await zone.getByRole('button', { name: 'Test connection' }).click();
    await expect(zone.getByText(stalled)).toBeVisible();
    await expect(zone.getByRole('button', { name: 'Test again' })).toBeEnabled();
  });

  signalWorkers('SIGCONT');
  await test.step('once it works again, what was asked is done and nobody is told of workers', async () => {
    await expect(page.getByRole('heading', { name: 'Everything is done' })).toBeVisible(soon);
    await expect(zone.getByText('The connection works.')).toBeVisible(soon);
    await expect(home.getByText(unseen)).toHaveCount(0, soon);
    expect(await status()).toMatchObject({ code: 200, status: 'ok' });
  });
});
