// Somebody of an app team asks for a name and has it: the verdict while typing, every step as it happens, and then the
// name itself, asked from outside with dig, curl and openssl. And what nobody may have is refused alike at every door.

import { problem } from '@hostmaster/core/contract/page';
import { checkResult } from '@hostmaster/core/contract/request';
import { TRPCClientError } from '@trpc/client';
import { rest, trpc } from './testing/api.ts';
import { pressRequest } from './testing/ask.ts';
import { freshLabel, instance } from './testing/instance.ts';
import { curlStatus, dig, servedChain, verifyStrictly } from './testing/outside.ts';
import { expect, type Page, test } from './testing/portal.ts';

const steps = [
  'Admitted',
  'Records applied',
  'Verified on every server',
  'Certificate issued',
  'Handed to where TLS ends',
  'Certificate served',
  'Health path answers',
];

const form = (page: Page) => page.getByRole('form', { name: 'Request a name' });

test('a name that is granted is live at once, and answers from outside', async ({ portal }) => {
  const name = `${freshLabel('orders')}.dev.example.test`;
  const page = await portal.as('app');
  await page.goto('/');
  await page.getByRole('link', { name: 'Request a name' }).first().click();

  await test.step('the verdict, the owner and the lead time appear while typing', async () => {
    await page.getByLabel('Hostname').pressSequentially(name);
    await expect(form(page).getByText('You may have this name.')).toBeVisible();
    await expect(form(page).getByText(/No review needed\. .*second/)).toBeVisible();
    const ruler = page.getByRole('list', { name: 'How the name reads' });
    await expect(ruler.getByText('yours to choose')).toBeVisible();
    await expect(ruler.getByText('granted to order-platform')).toBeVisible();
    await expect(ruler.getByText('owned by platform-edge')).toBeVisible();
  });

  await test.step('what will happen is said before anything is pressed', async () => {
    await page.getByRole('textbox', { name: 'Addresses' }).fill('127.0.0.1');
    const plan = page.getByRole('complementary', { name: 'What will happen' });
    await expect(plan.getByText('60 A 127.0.0.1')).toBeVisible();
    await expect(plan.getByText(`DNS:${name}`)).toBeVisible();
    await expect(plan.getByText(`https://${name}:${instance.edge.port}/`)).toBeVisible();
  });

  await test.step('every step is shown, and done', async () => {
    await pressRequest(page, name);
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    const list = page.getByRole('list', { name: 'Steps' });
    await expect(list.getByText('done', { exact: true })).toHaveCount(steps.length);
    const shown = await list.getByRole('listitem').allInnerTexts();
    expect(shown.map((text) => text.split('\n')[0]?.replace(/ done$/, ''))).toEqual(steps);
    await expect(page.getByText('Everything is done')).toBeVisible();
    await expect(page.getByRole('banner').or(page.locator('header')).getByText('Live', { exact: true })).toBeVisible();
  });

  await test.step('the name answers, with the issued chain', async () => {
    expect(await dig(name, 'A')).toEqual(['127.0.0.1']);
    expect(await curlStatus(name)).toBe(200);
    const chain = await servedChain(name);
    expect(chain).toHaveLength(2);
    expect(await verifyStrictly(chain, name)).toMatch(/: OK$/m);
  });

  await test.step('its page shows the chain whole', async () => {
    await page.getByRole('link', { name: 'Open the endpoint' }).click();
    const chain = page.getByRole('list', { name: 'The chain from the outside in' });
    await expect(chain.getByRole('listitem')).toHaveCount(5);
    await expect(page.getByRole('region', { name: 'Findings' })).toHaveCount(0);
    await expect(page.getByRole('table', { name: 'Answers of the authoritative servers' })).toContainText('127.0.0.1');
  });
});

/** Each with the rules that refuse it; the same at every door. */
const refused = [
  { what: 'an empty label', hostname: 'orders..dev.example.test', rules: ['hostname-empty-label'] },
  { what: 'a space', hostname: 'or ders.dev.example.test', rules: ['hostname-syntax'] },
  { what: 'an underscore', hostname: 'or_ders.dev.example.test', rules: ['hostname-underscore'] },
  { what: 'a label that is too long', hostname: `${'o'.repeat(64)}.dev.example.test`, rules: ['hostname-length'] },
  { what: 'two scripts in one label', hostname: 'ord\u0435rs.dev.example.test', rules: ['hostname-mixed-script'] },
  { what: 'a foreign suffix', hostname: 'orders.dev.example.com', rules: ['managed-zone', 'suffix-granted'] },
  { what: 'the apex', hostname: 'example.test', rules: ['apex-granted', 'suffix-granted'] },
  { what: 'a wildcard', hostname: '*.dev.example.test', rules: ['wildcard-granted'] },
  { what: "another team's name", hostname: 'admin.prod.example.test', rules: ['suffix-granted'] },
  { what: 'a name below that of another team', hostname: 'console.admin.prod.example.test', rules: ['suffix-granted'] },
  { what: 'a name that is live', hostname: 'shop.dev.example.test', rules: ['name-taken'] },
];

test('what may not be had is refused with every reason and remedy, alike in the form, over REST and over tRPC', async ({ portal }) => {
  const page = await portal.as('app');
  await page.goto('/requests/new');
  await page.getByRole('textbox', { name: 'Addresses' }).fill('127.0.0.1');
  await page.getByLabel('Health path').fill('/health');
  for (const { what, hostname, rules } of refused) {
    await test.step(what, async () => {
      const body = { contract: { hostname, team: 'order-platform', target: { addresses: ['127.0.0.1'] } } };
      const answer = await rest('app', 'POST', '/requests', body);
      const said = problem.parse(answer.body);
      expect({ status: answer.status, code: said.code }).toEqual({ status: 422, code: 'policy-denied' });
      expect(said.violations.map(({ rule }) => rule).sort()).toEqual(rules);

      const checked = checkResult.parse((await rest('app', 'POST', '/requests:check', body)).body);
      // A problem says besides where its rules are explained.
      expect(said.violations).toMatchObject(checked.decision.violations);
      expect(said.violations).toHaveLength(checked.decision.violations.length);

      const thrown: unknown = await trpc('app')
        .requests.create.mutate(body)
        .catch((error: unknown) => error);
      if (!(thrown instanceof TRPCClientError)) throw new Error('tRPC allowed it');
      expect(thrown.data).toMatchObject({ code: 'policy-denied', httpStatus: 422, violations: said.violations });

      await page.getByLabel('Hostname').fill(hostname);
      for (const { rule, reason, remedy } of said.violations) {
        await expect(form(page).getByText(reason)).toBeVisible();
        await expect(form(page).getByText(remedy)).toBeVisible();
        await expect(form(page).getByText(rule, { exact: true })).toBeVisible();
      }
      await expect(page.getByLabel('Hostname')).toHaveAttribute('aria-invalid', 'true');
    });
  }
  await test.step('and nothing that was typed is lost by sending it nevertheless', async () => {
    const hostname = 'orders.dev.example.com';
    await page.getByLabel('Hostname').fill(hostname);
    await pressRequest(page, hostname);
    await expect(page.getByRole('alert').getByText('policy-denied')).toBeVisible();
    await expect(page.getByLabel('Hostname')).toBeFocused();
    await expect(page.getByLabel('Hostname')).toHaveValue(hostname);
    await expect(page.getByRole('textbox', { name: 'Addresses' })).toHaveValue('127.0.0.1');
    await expect(page.getByLabel('Health path')).toHaveValue('/health');
  });
});

test('several faults in one form are said at once, each beside its field', async ({ portal }) => {
  const page = await portal.as('app');
  await page.goto('/requests/new');
  await page.getByLabel('Hostname').fill('orders.dev.example.com');
  await page.getByRole('textbox', { name: 'Addresses' }).fill('300.1.2.3');
  await page.getByLabel('Health path').fill('no-slash');
  await page.getByRole('button', { name: /^Request orders/ }).click();
  await expect(form(page).getByText('No managed zone holds orders.dev.example.com.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Addresses' })).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Health path')).toHaveAttribute('aria-invalid', 'true');
});
