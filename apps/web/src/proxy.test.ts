import { NextRequest } from 'next/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { proxy } from './proxy.ts';
import { ownPath, ownUrl } from './server/auth.ts';
import { cookieOptions } from './server/cookies.ts';
import { securityHeaders } from './server/security-headers.ts';

beforeAll(() => {
  Object.assign(process.env, {
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
    PUBLIC_URL: 'https://names.example.test',
    AUTH_SECRET: 'x'.repeat(32),
  });
});

const ask = (path: string, cookie?: string) =>
  proxy(new NextRequest(`https://names.example.test${path}`, cookie === undefined ? {} : { headers: { cookie } }));

describe('every answer', () => {
  it('of a page lets only its own scripts run, in nobody’s frame', () => {
    const [one, two] = [ask('/', '__Host-hostmaster-session=x'), ask('/', '__Host-hostmaster-session=x')];
    const policy = one.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]{24}' 'strict-dynamic'(?:;|$)/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(two.headers.get('content-security-policy')).not.toBe(policy);
    expect(one.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
    expect(one.headers.get('x-middleware-request-content-security-policy'), 'as Next reads it').toBe(policy);
    const others = [
      'x-frame-options',
      'referrer-policy',
      'permissions-policy',
      'cross-origin-opener-policy',
      'cross-origin-resource-policy',
    ];
    for (const answer of [one, ask('/'), ask('/api/v1/zones')])
      for (const name of ['content-security-policy', 'x-content-type-options', ...others])
        expect(answer.headers.get(name), name).toBeTruthy();
  });

  it('of data may run nothing at all', () => {
    expect(ask('/api/v1/zones').headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  });

  it('over plain http has no HSTS', () => {
    expect(securityHeaders({ nonce: null, secure: false, development: false })).not.toHaveProperty('Strict-Transport-Security');
  });
});

it('the address of a page is said by the proxy alone, without what Next adds to it', () => {
  const asked = new NextRequest('https://names.example.test/zones/new?view=public&_rsc=abc', {
    headers: { cookie: '__Host-hostmaster-session=x', 'x-own-address': '/elsewhere' },
  });
  expect(proxy(asked).headers.get('x-middleware-request-x-own-address')).toBe('/zones/new?view=public');
});

describe('somebody without a session cookie', () => {
  it.each(['/endpoints?state=live', '/requests/new', '/sign-in-elsewhere', '/apis'])('is led from %s to the sign-in and back', (path) => {
    const location = ask(path).headers.get('location') ?? '';
    expect(new URL(location).pathname).toBe('/sign-in');
    expect(new URL(location).searchParams.get('callbackUrl')).toBe(path);
  });

  it.each(['/sign-in', '/set-password', '/api/v1/zones', '/api/docs', '/api/openapi.json', '/api/auth/csrf', '/api/health'])(
    'is not led away from %s',
    (path) => {
      expect(ask(path).headers.get('location')).toBeNull();
    },
  );
});

describe('cookies', () => {
  it('over https belong to this host alone', () => {
    for (const cookie of Object.values(cookieOptions('https://names.example.test'))) {
      expect(cookie?.name).toMatch(/^__Host-/);
      expect(cookie?.options).toMatchObject({ httpOnly: true, secure: true, sameSite: 'lax', path: '/' });
      expect(cookie?.options).not.toHaveProperty('domain');
    }
  });
});

it.each([
  ['/endpoints', 'https://names.example.test/endpoints'],
  ['https://names.example.test/a?b=c', 'https://names.example.test/a?b=c'],
  ['//evil.example/', 'https://names.example.test'],
  ['/\\evil.example/', 'https://names.example.test'],
  ['https://names.example.test.evil.example/', 'https://names.example.test'],
  ['javascript:alert(1)', 'https://names.example.test'],
  ['http://', 'https://names.example.test'],
])('a sign-in that asks to lead to %s leads to %s', (asked, leads) => {
  expect(ownUrl(asked, 'https://names.example.test')).toBe(leads);
});

it.each([
  ['/endpoints?state=live', '/endpoints?state=live'],
  ['/.//evil.example/', '/evil.example/'],
  ['/..//evil.example/a?b=c', '/evil.example/a?b=c'],
  ['https://names.example.test////evil.example', '/evil.example'],
  ['https://evil.example/x', '/'],
])('a sign-in that asks to lead to %s leads to a path of ours, and to no other host: %s', (asked, leads) => {
  expect(ownPath(asked, 'https://names.example.test')).toBe(leads);
});
