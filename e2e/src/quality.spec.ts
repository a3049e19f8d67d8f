// What holds on every page: axe finds nothing, light and dark; no sideways scrolling at 320 px; nothing on the console,
// nothing against the content security policy, no failed request (the portal fixture watches those); all of it behind the
// sign-in; and the main job without a mouse.
import { certificatePage } from '@hostmaster/core/contract/certificate';
import { endpointPage } from '@hostmaster/core/contract/endpoint-view';
import { peoplePage } from '@hostmaster/core/contract/person';
import { requestPage } from '@hostmaster/core/contract/request';
import { zonePage } from '@hostmaster/core/contract/zone';
import { rest } from './testing/api.ts';
import { axeFindsNothing } from './testing/axe.ts';
import { freshLabel, instance, type Role } from './testing/instance.ts';
import { expect, type Page, signIn, test } from './testing/portal.ts';

// None of these changes what another one sees.
test.describe.configure({ mode: 'parallel' });

const widthOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);

/**
 * Texts that nobody can read whole: they reach out of something that cuts off what reaches out of it. What can be scrolled
 * is no loss, an ellipsis says itself that there is more, and what is for readers alone is no wider than a pixel.
 */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const cut: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(node);
      const { right, width } = range.getBoundingClientRect();
      for (let around = node.parentElement; around !== null && width > 0; around = around.parentElement) {
        const { overflowX, textOverflow, position } = getComputedStyle(around);
        const box = around.getBoundingClientRect();
        if (overflowX === 'auto' || overflowX === 'scroll' || textOverflow === 'ellipsis' || position === 'fixed' || box.width <= 1) break;
        if (overflowX !== 'visible' && right > box.right + 1) cut.push(node.textContent ?? '');
      }
    }
    return cut;
  });

const read = async (path: string): Promise<unknown> => (await rest('platform', 'GET', path)).body;

async function first(page: Promise<unknown>, parse: (body: unknown) => { rows: readonly { id: string }[] }): Promise<string> {
  const [row] = parse(await page).rows;
  if (row === undefined) throw new Error('The demo has none.');
  return row.id;
}

const shop = () => first(read('/endpoints?search=shop.dev.example.test'), (body) => endpointPage.parse(body));
const somebody = () => first(read('/people?search=auditor%40example.test'), (body) => peoplePage.parse(body));
const zone = () => first(read('/zones'), (body) => zonePage.parse(body));
const request = (search: string) => first(read(`/requests?search=${search}`), (body) => requestPage.parse(body));
async function serial(): Promise<string> {
  const [row] = certificatePage.parse(await read('/certificates?search=shop.dev.example.test')).rows;
  if (row === undefined) throw new Error('The demo has no certificate.');
  return row.serial;
}

type Where = {
  readonly what: string;
  readonly role: Role | null;
  readonly path: string | (() => Promise<string>);
  /** What stands there once the page is whole. */
  readonly shown: (page: Page) => Promise<void>;
};

const heading = (name: string | RegExp) => (page: Page) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
const table = (name: string) => (page: Page) => expect(page.getByRole('table', { name }).getByRole('row').nth(1)).toBeVisible();
const text = (said: string) => (page: Page) => expect(page.getByText(said).first()).toBeVisible();

/** Lists are filtered to a few rows, which hold everything that fifty do. */
const places: readonly Where[] = [
  { what: 'sign-in', role: null, path: '/sign-in', shown: heading('Sign in') },
  { what: 'the API documentation', role: null, path: '/api/docs', shown: heading('API') },
  { what: 'the documentation of a noun', role: null, path: '/api/docs/requests', shown: heading('requests') },
  { what: 'the documentation of a shape', role: null, path: '/api/docs/shapes/Request', shown: heading('Request') },
  { what: 'the shapes of the API', role: null, path: '/api/docs/shapes', shown: heading('Shapes') },
  { what: 'home of somebody of an app team', role: 'app', path: '/', shown: heading(/./) },
  { what: 'home of a reviewer', role: 'security', path: '/', shown: heading(/./) },
  { what: 'endpoints', role: 'app', path: '/endpoints?q=shop.dev', shown: table('Endpoints') },
  { what: 'endpoints, none found', role: 'app', path: '/endpoints?q=nowhere', shown: text('No endpoint is like that') },
  {
    what: 'an endpoint',
    role: 'app',
    path: async () => `/endpoints/${await shop()}`,
    shown: table('Answers of the authoritative servers'),
  },
  { what: 'changing an endpoint', role: 'app', path: async () => `/requests/new?change=${await shop()}`, shown: heading(/./) },
  { what: 'the form, empty', role: 'app', path: '/requests/new', shown: heading(/Request a name/) },
  {
    what: 'the form with a name to have',
    role: 'app',
    path: '/requests/new?hostname=orders-quality.dev.example.test',
    shown: text('You may have this name.'),
  },
  {
    what: 'the form with a name for review',
    role: 'app',
    path: '/requests/new?hostname=login.quality.prod.example.test',
    shown: text('You may ask for this name; security must look at it first.'),
  },
  { what: 'the form with a refusal', role: 'app', path: '/requests/new?hostname=%2A.example.com', shown: text('suffix-granted') },
  { what: 'requests', role: 'app', path: '/requests?tab=all&q=login', shown: table('Requests') },
  { what: 'a request that is done', role: 'app', path: async () => `/requests/${await request('shop.dev')}`, shown: heading(/shop/) },
  {
    what: 'a request to review',
    role: 'security',
    path: async () => `/requests/${await request('login.staging')}`,
    shown: heading(/login/),
  },
  { what: 'certificates', role: 'app', path: '/certificates?q=shop.dev', shown: table('Certificates, the first to expire first') },
  { what: 'a certificate', role: 'app', path: async () => `/certificates/${await serial()}`, shown: text('each signed by the next') },
  { what: 'campaigns', role: 'app', path: '/campaigns', shown: heading('Campaigns') },
  {
    what: 'planning a campaign',
    role: 'security',
    path: '/campaigns/new?suffix=shop.dev.example.test&without=the+week',
    shown: text('Not carried over from the list: the week.'),
  },
  { what: 'planning a campaign for others', role: 'app', path: '/campaigns/new', shown: text('Campaigns are started by security') },
  { what: 'zones', role: 'platform', path: '/zones', shown: text('example.test') },
  { what: 'connecting a zone', role: 'platform', path: '/zones/new', shown: heading('Connect a zone') },
  { what: 'editing a zone', role: 'platform', path: async () => `/zones/${await zone()}/edit`, shown: heading(/^Edit /) },
  { what: 'a zone', role: 'platform', path: async () => `/zones/${await zone()}`, shown: table('Record sets') },
  { what: 'grants', role: 'platform', path: '/grants', shown: table('Grants') },
  { what: 'reservations', role: 'platform', path: '/reservations', shown: heading('Reservations') },
  { what: 'clusters', role: 'platform', path: '/clusters', shown: table('Clusters') },
  { what: 'environments', role: 'platform', path: '/environments', shown: table('Environments') },
  { what: 'exceptions', role: 'security', path: '/exceptions', shown: heading('Exceptions') },
  { what: 'destinations', role: 'platform', path: '/destinations', shown: heading('Destinations') },
  { what: 'what was found', role: 'security', path: '/discovered', shown: heading('Discovered') },
  { what: 'where is looked', role: 'platform', path: '/discovery-scopes', shown: heading('Where is looked') },
  { what: 'which logs are read', role: 'platform', path: '/transparency-logs', shown: heading('Logs that are read') },
  { what: 'connecting a destination', role: 'platform', path: '/destinations/new', shown: heading('Connect a destination') },
  { what: 'issuers', role: 'platform', path: '/issuers', shown: text('internal-ca') },
  { what: 'trusting our certificates', role: null, path: '/trust', shown: heading('Trust our certificates') },
  { what: 'the internal CA', role: 'platform', path: '/authority', shown: heading('Internal CA') },
  { what: 'connecting an issuer', role: 'platform', path: '/issuers/new', shown: heading('Connect an issuer') },
  { what: 'teams', role: 'platform', path: '/teams', shown: text('Payments') },
  { what: 'a team', role: 'platform', path: '/teams/order-platform', shown: table('Members of Order platform') },
  { what: 'people', role: 'platform', path: '/people?q=example.test', shown: table('People') },
  { what: 'people for others', role: 'app', path: '/people', shown: text('People are for platform admins') },
  {
    what: 'a person for others',
    role: 'app',
    path: async () => `/people/${await somebody()}`,
    shown: text('People are for platform admins'),
  },
  {
    what: 'a person',
    role: 'platform',
    path: async () => `/people/${await somebody()}`,
    shown: heading('Kim Berg'),
  },
  { what: 'one’s own account', role: 'app', path: '/account', shown: table('Sessions') },
  { what: 'setting a password', role: null, path: '/set-password#of-nobody', shown: heading('Set your password') },
  { what: 'setting a password without a link', role: null, path: '/set-password', shown: text('This address has no link in it.') },
  { what: 'audit', role: 'auditor', path: '/audit?subject=shop.dev.example.test', shown: table('Audit events, newest first') },
  { what: 'audit for others', role: 'app', path: '/audit', shown: text('The audit trail is for auditors') },
  { what: 'tokens', role: 'app', path: '/tokens', shown: heading('Tokens') },
  { what: 'not found', role: 'app', path: '/nowhere', shown: text('There is nothing at this address') },
];

for (const { what, role, path, shown } of places) {
  test(`${what}: clean for axe in light and dark, and nothing scrolls sideways at 320 px`, async ({ portal }) => {
    if (what === 'not found') portal.tolerate(/^answered 404: GET .*\/nowhere/);
    const options = { colorScheme: 'light' } as const;
    const page = role === null ? await portal.anonymous(options) : await portal.as(role, options);
    await page.goto(typeof path === 'string' ? path : await path());
    await shown(page);
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    await axeFindsNothing(page, 'light');
    // Dark and narrow at once: axe is by far the dearest thing here, and neither hides what the other shows.
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 320, height: 700 });
    await shown(page);
    expect(await widthOf(page), 'width of the page').toBeLessThanOrEqual(320);
    expect(await cutOff(page), 'texts that are cut off').toEqual([]);
    await axeFindsNothing(page, 'dark, at 320 px');
  });
}

test('what opens over a page is clean for axe too', async ({ portal }) => {
  const page = await portal.as('platform');
  const opened = async (what: string, role: 'dialog' | 'menu' | 'listbox' = 'dialog') => {
    await expect(page.getByRole(role)).toBeVisible();
    await axeFindsNothing(page, what);
    await page.keyboard.press('Escape');
    await expect(page.getByRole(role)).toBeHidden();
  };
  await page.goto('/people');
  await page.getByRole('button', { name: 'Invite somebody' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Add a team' }).click();
  await opened('inviting somebody');
  await page.goto('/grants');
  await page.getByRole('button', { name: 'Add a grant' }).first().click();
  await page.getByRole('combobox', { name: 'Team' }).click();
  await opened('the teams to choose from', 'listbox');
  await expect(page.getByRole('combobox', { name: 'Team' })).toBeFocused();
  await opened('adding a grant');
  await page.getByRole('combobox', { name: 'Team' }).click();
  await opened('an open filter', 'listbox');
  await expect(page.getByRole('combobox', { name: 'Team' })).toBeFocused();
  await page.getByRole('button', { name: 'Columns' }).click();
  await opened('the columns to choose from', 'menu');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(/^Name, address/).fill('shop');
  await expect(page.getByRole('option', { name: /shop\.dev/ }).first()).toBeVisible();
  await opened('the command box');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(/^Name, address/).fill('no such thing');
  await expect(page.getByText('Nothing is called “no such thing”.')).toBeVisible();
  await opened('the command box that finds nothing');
  await page.getByRole('button', { name: /^Pat Novak/ }).click();
  await opened('the menu of the account', 'menu');
});

test('whoever is not signed in is led to the sign-in, and afterwards to where they wanted to go', async ({ portal }) => {
  const page = await portal.anonymous();
  for (const path of ['/', '/endpoints', '/requests/new', '/zones/new', '/audit', '/nowhere']) {
    await page.goto(path);
    await expect(page).toHaveURL(/\/sign-in(\?|$)/);
  }
  await page.goto('/certificates?q=shop');
  await page.getByLabel('Account or e-mail').fill('auditor');
  await page.getByLabel('Password').fill(instance.signIns.find(({ account }) => account === 'auditor')?.password ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/certificates\?q=shop$/);
  await expect(page.getByRole('searchbox', { name: 'Filter by name or serial' })).toHaveValue('shop');
});

test('what anybody may send to be written into the log of the portal has no address', async ({ request }) => {
  for (const method of ['GET', 'POST'])
    expect(
      (
        await request.fetch(`${instance.portal}/api/auth/_log`, { method, ...(method === 'POST' ? { form: { level: 'error' } } : {}) })
      ).status(),
    ).toBe(404);
});

test('an address of the sign-in that is asked in a wrong way says so as the API does', async ({ request }) => {
  const wrong = await request.get(`${instance.portal}/api/auth/callback/credentials`);
  expect([wrong.status(), wrong.headers().allow, wrong.headers()['content-type']]).toEqual([405, 'POST', 'application/problem+json']);
  expect(await wrong.json()).toMatchObject({ code: 'method-not-allowed' });
  expect((await request.get(`${instance.portal}/api/auth/nothing`)).status()).toBe(404);
});

test('a session that was ended elsewhere ends here with the next click', async ({ portal }) => {
  portal.tolerate(/^answered 401: /);
  const there = await portal.anonymous();
  await signIn(there, 'auditor');
  const here = await portal.anonymous();
  await here.context().addCookies(await there.context().cookies());
  await here.goto('/endpoints');
  await expect(here.getByRole('heading', { level: 1, name: 'Endpoints' })).toBeVisible();
  await there.getByRole('navigation', { name: 'Main' }).locator('xpath=following-sibling::*').getByRole('button').click();
  await there.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(there).toHaveURL(/\/sign-in/);
  await here.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit' }).click();
  await expect(here).toHaveURL(/\/sign-in/);
  await expect(here.getByLabel('Password')).toBeVisible();
});

test('a name is asked for with the keyboard alone', async ({ portal }) => {
  const name = `${freshLabel('keys')}.dev.example.test`;
  const page = await portal.as('app');
  await page.goto('/');
  await page.keyboard.press('c');
  await expect(page.getByRole('form', { name: 'Request a name' })).toBeVisible();
  await tabTo(page, page.getByLabel('Hostname'));
  await page.keyboard.type(name);
  await expect(page.getByText('You may have this name.')).toBeVisible();
  await tabTo(page, page.getByRole('textbox', { name: 'Addresses' }));
  await page.keyboard.type('127.0.0.1');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByText('Everything is done')).toBeVisible();
  const open = page.getByRole('link', { name: 'Open the endpoint' });
  await tabTo(page, open);
  expect(await open.evaluate((element) => getComputedStyle(element).outlineStyle), 'the focus is to be seen').not.toBe('none');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/endpoints\//);
});

/** Presses Tab until it is there, as somebody without a mouse does. */
async function tabTo(page: Page, target: ReturnType<Page['locator']>): Promise<void> {
  for (let pressed = 0; pressed < 60; pressed++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target, 'reached by Tab').toBeFocused();
}
