// Asking for a name, through the form or through the API, for journeys that are about what comes after it.
import { type Operation, operation } from '@hostmaster/core/contract/operation';
import { type Request, request } from '@hostmaster/core/contract/request';
import { rest } from './api.ts';
import type { Role } from './instance.ts';
import { expect, type Page } from './portal.ts';

/** The form as it begins: what was typed into it before comes back otherwise, perhaps in the middle of what is typed now. */
export async function emptyForm(page: Page): Promise<void> {
  if (page.url().startsWith('http')) await page.evaluate(() => sessionStorage.clear());
  await page.goto('/requests/new');
}

/**
 * Presses the button of the form once its verdict is there: what is said of a name makes room for itself, and a press that begins on a button
 * which has moved by its end is none.
 */
export async function pressRequest(page: Page, hostname: string): Promise<void> {
  await expect(page.getByRole('complementary', { name: 'What will happen' }).locator('[aria-busy="true"]')).toHaveCount(0);
  await page.getByRole('button', { name: `Request ${hostname}` }).click();
}

/** Fills in and sends the form; leaves the page of the request open. */
export async function askInForm(page: Page, hostname: string, address = '127.0.0.1'): Promise<void> {
  await emptyForm(page);
  await page.getByLabel('Hostname').fill(hostname);
  await page.getByRole('textbox', { name: 'Addresses' }).fill(address);
  await pressRequest(page, hostname);
  await expect(page.getByRole('heading', { level: 1, name: hostname })).toBeVisible();
}

/** @throws where the answer is a problem */
export async function askByToken(role: Role, hostname: string, team = 'order-platform', address = '127.0.0.1'): Promise<Request> {
  const answer = await rest(role, 'POST', '/requests', { contract: { hostname, team, target: { addresses: [address] } } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return request.parse(answer.body);
}

/** What the answer to a request that nobody need review calls it: a worker may have begun before the answer was read. */
export const begun = { state: /^(approved|applied)$/, stage: /^(approved|applying)\n$/ };

export const readRequest = async (role: Role, id: string): Promise<Request> =>
  request.parse((await rest(role, 'GET', `/requests/${id}`)).body);

/** Polls an operation, as automation does, until it is over. */
export async function finished(role: Role, id: string): Promise<Operation> {
  let last: Operation | null = null;
  await expect
    .poll(
      async () => {
        last = operation.parse((await rest(role, 'GET', `/operations/${id}`)).body);
        return last.state;
      },
      { intervals: [50, 100, 200], message: 'the operation ends' },
    )
    .toMatch(/^(succeeded|failed|superseded)$/);
  if (last === null) throw new Error('unreachable');
  return last;
}
