// What every answer of web carries, and where somebody without a session is led. The session itself is checked by the
// server on each call; a cookie that is merely there opens nothing.
import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { isSecure, sessionCookieName } from './server/cookies.ts';
import { env } from './server/env.ts';
import { addressHeader } from './server/own-address.ts';
import { securityHeaders } from './server/security-headers.ts';

const open = /^\/(?:api|sign-in|set-password|trust)(?:\/|$)/;
const machine = /^\/api\/(?!docs)/;

export function proxy(request: NextRequest): NextResponse {
  const { publicUrl } = env();
  const { pathname } = request.nextUrl;
  const search = searchOf(request);
  const forMachines = machine.test(pathname);
  const nonce = forMachines ? null : randomBytes(16).toString('base64');
  const headers = securityHeaders({ nonce, secure: isSecure(publicUrl), development: process.env.NODE_ENV === 'development' });
  const respond = (response: NextResponse): NextResponse => {
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    return response;
  };
  if (!open.test(pathname) && !request.cookies.has(sessionCookieName(publicUrl))) {
    const back = pathname === '/' ? '' : `?callbackUrl=${encodeURIComponent(pathname + search)}`;
    return respond(NextResponse.redirect(new URL(`/sign-in${back}`, publicUrl)));
  }
  if (nonce === null) return respond(NextResponse.next());
  // Next reads the nonce for its own scripts from the request's policy.
  const forwarded = new Headers(request.headers);
  forwarded.set('Content-Security-Policy', headers['Content-Security-Policy']);
  forwarded.set('X-Nonce', nonce);
  forwarded.set(addressHeader, pathname + search);
  return respond(NextResponse.next({ request: { headers: forwarded } }));
}

/** Without what Next itself adds when it asks for a part of a page. */
function searchOf({ nextUrl }: NextRequest): string {
  const search = new URLSearchParams(nextUrl.search);
  search.delete('_rsc');
  return search.size === 0 ? '' : `?${search}`;
}

export const config = { matcher: '/((?!_next/static|_next/image|icon\\.svg|favicon\\.ico).*)' };
