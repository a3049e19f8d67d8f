// Sign-in through next-auth itself: the credentials flow, and the authorization-code flow with PKCE, state and nonce
// against a real OpenID Connect provider, driven by a small browser.
import { createServer, type Server } from 'node:http';
import { cheapHash } from '@hostmaster/core/person/testing/cheap-hash';
import { type Db, openDb } from '@hostmaster/db/client';
import { createTestDatabase, type TestDatabase } from '@hostmaster/embedded/testing/database';
import { openExchange } from '@hostmaster/http/door';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Container } from './container.ts';
import { requestContext } from './request-context.ts';
import { type AuthServer, closed, listening, originOf, startAuthServer } from './testing/auth-server.ts';
import { type Browser, createBrowser } from './testing/browser.ts';
import { testContainer } from './testing/container.ts';

const people: Record<string, { email?: string; email_verified?: boolean; name?: string }> = {
  fay: { email: 'fay@example.test', email_verified: true, name: 'Fay' },
  unverified: { email: 'ann@example.test', email_verified: false },
  ann: { email: 'ann@example.test', email_verified: true },
};

let database: TestDatabase;
let web: AuthServer;
let providerServer: Server;
let container: Container;
/** The portal makes nobody without an event, and shows events to auditors. */
let owner: Db;
const publicUrl = () => container.env.publicUrl;
const db = () => container.parts.db;

beforeAll(async () => {
  database = await createTestDatabase();
  web = await startAuthServer();
  providerServer = await listening(createServer());
  const issuer = originOf(providerServer);
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'hostmaster',
        client_secret: 'a client secret of the provider',
        redirect_uris: [`${web.origin}/api/auth/callback/oidc`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    cookies: { keys: ['a key for the cookies of the provider'] },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...people[accountId] }) }),
  });
  providerServer.on('request', provider.callback());
  container = testContainer(database.webUrl, {
    PUBLIC_URL: web.origin,
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: 'hostmaster',
    OIDC_CLIENT_SECRET: 'a client secret of the provider',
  });
  process.env.NEXTAUTH_URL = web.origin;
  web.serve(container);
  owner = openDb(database.url, { connections: 1 });
  await owner.person.create({
    data: { account: 'ann', email: 'ann@example.test', name: 'Ann', password: { create: { hash: cheapHash('open sesame') } } },
  });
});
afterAll(async () => {
  delete process.env.NEXTAUTH_URL;
  await web.close();
  await closed(providerServer);
  await db().$disconnect();
  await owner.$disconnect();
  await database.drop();
});

async function post(browser: Browser, path: string, fields: Record<string, string>): Promise<Response> {
  const { csrfToken } = (await (await browser.fetch(`${publicUrl()}/api/auth/csrf`)).json()) as { csrfToken: string };
  return browser.fetch(`${publicUrl()}/api/auth/${path}`, {
    method: 'POST',
    body: new URLSearchParams({ csrfToken, json: 'true', ...fields }),
  });
}
const password = (browser: Browser, fields: Record<string, string>) => post(browser, 'callback/credentials', fields);

async function whoSends(headers: Headers) {
  return (await requestContext({ headers, method: 'GET' }, container, openExchange({ headers }))).actor;
}

async function whoIs(browser: Browser) {
  const cookie = [...browser.cookies(publicUrl())].map(([name, value]) => `${name}=${value}`).join('; ');
  return whoSends(new Headers({ cookie }));
}

/** Through the provider's own sign-in and consent pages, back to us; answers where it ended. */
async function viaProvider(browser: Browser, account: string, callbackUrl = '/endpoints'): Promise<string> {
  const begun = await post(browser, 'signin/oidc', { callbackUrl });
  const { url } = (await begun.json()) as { url: string };
  const asked = new URL(url).searchParams;
  expect([asked.get('code_challenge_method'), asked.has('state'), asked.has('nonce')]).toEqual(['S256', true, true]);
  let page = await browser.open(url);
  for (let steps = 0; steps < 3 && page.url.includes('/interaction/'); steps += 1)
    page = await browser.submit(page, { login: account, password: 'any' });
  return page.url;
}

describe('a sign-in by password', () => {
  it('sets a cookie that scripts and other sites cannot use, and that holds only the id of a session', async () => {
    const browser = createBrowser();
    const response = await password(browser, { account: 'ann', password: 'open sesame' });
    const cookie = response.headers.getSetCookie().find((line) => line.startsWith('hostmaster-session='));
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(await whoIs(browser)).toMatchObject({ kind: 'person', name: 'Ann' });
    const session = (await (await browser.fetch(`${publicUrl()}/api/auth/session`)).json()) as object;
    expect(Object.keys(session)).toEqual(['expires']);
  });

  it.each([
    ['a wrong password', { account: 'ann', password: 'wrong' }, 'The account or the password is not right.'],
    ['an unknown account', { account: 'nobody', password: 'open sesame' }, 'The account or the password is not right.'],
    ['no password', { account: 'ann' }, 'CredentialsSignin'],
  ])('with %s sets no session', async (_, fields, message) => {
    const browser = createBrowser();
    const response = await password(browser, fields);
    expect(response.status).toBe(401);
    const { url } = (await response.json()) as { url: string };
    expect(new URL(url).searchParams.get('error')).toBe(message);
    expect(await whoIs(browser)).toBeNull();
  });

  it('without the CSRF token of our own page is not tried', async () => {
    const browser = createBrowser();
    await browser.fetch(`${publicUrl()}/api/auth/callback/credentials`, {
      method: 'POST',
      body: new URLSearchParams({ account: 'ann', password: 'open sesame', csrfToken: 'forged', json: 'true' }),
    });
    expect(await whoIs(browser)).toBeNull();
  });

  it('leads only into the portal', async () => {
    const lead = async (callbackUrl: string) =>
      ((await (await password(createBrowser(), { account: 'ann', password: 'open sesame', callbackUrl })).json()) as { url: string }).url;
    await expect(lead('/endpoints?state=live')).resolves.toBe(`${publicUrl()}/endpoints?state=live`);
    for (const foreign of ['https://evil.example/', '//evil.example/', '/\\evil.example/', 'javascript:alert(1)'])
      expect(new URL((await lead(foreign).catch(() => publicUrl())) ?? publicUrl()).origin).toBe(publicUrl());
  });
});

describe('a session', () => {
  it('that is revoked counts for nothing from the next request on', async () => {
    const browser = createBrowser();
    await password(browser, { account: 'ann', password: 'open sesame' });
    const who = await whoIs(browser);
    await owner.session.updateMany({ where: { personId: who?.id ?? '', revokedAt: null }, data: { revokedAt: new Date() } });
    expect(await whoIs(browser)).toBeNull();
  });

  it('ends with the sign-out, even for a copy of its cookie', async () => {
    const browser = createBrowser();
    await password(browser, { account: 'ann', password: 'open sesame' });
    const copy = new Headers({ cookie: `hostmaster-session=${browser.cookies(publicUrl()).get('hostmaster-session')}` });
    await post(browser, 'signout', {});
    expect(browser.cookies(publicUrl()).has('hostmaster-session')).toBe(false);
    expect(await whoSends(copy)).toBeNull();
  });
});

describe('a sign-in by OpenID Connect', () => {
  it('makes a person without roles from a verified address, and knows them the next time', async () => {
    const browser = createBrowser();
    await expect(viaProvider(browser, 'fay')).resolves.toBe(`${publicUrl()}/endpoints`);
    const first = await whoIs(browser);
    expect(first).toMatchObject({ name: 'Fay', roles: [], teams: [] });
    const again = createBrowser();
    await viaProvider(again, 'fay');
    expect((await whoIs(again))?.id).toBe(first?.id);
  });

  it('does not become somebody by an address that is not verified, and says so', async () => {
    const browser = createBrowser();
    const url = new URL(await viaProvider(browser, 'unverified'));
    expect(url.pathname).toBe('/sign-in');
    expect(url.searchParams.get('error')).toContain('not verified');
    expect(await whoIs(browser)).toBeNull();
    const [told] = await owner.auditEvent.findMany({ where: { action: 'session.refuse' }, orderBy: { seq: 'desc' }, take: 1 });
    expect(told).toMatchObject({ subject: 'ann@example.test', detail: { address: '192.0.2.77', method: 'oidc', tries: 1 } });
  });

  it('is the local account of the same verified address', async () => {
    const browser = createBrowser();
    await viaProvider(browser, 'ann');
    expect(await whoIs(browser)).toMatchObject({ name: 'Ann' });
    expect(await db().person.count({ where: { email: 'ann@example.test' } })).toBe(1);
  });

  it('with an answer that was not asked for by this browser is refused', async () => {
    const victim = createBrowser();
    const url = new URL((await victim.open(`${publicUrl()}/api/auth/callback/oidc?code=stolen&state=forged`)).url);
    expect(url.pathname).toBe('/sign-in');
    expect(await whoIs(victim)).toBeNull();
  });
});
