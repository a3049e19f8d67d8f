// Names and flags of the cookies. Over https the session's name carries `__Host-`: a browser then takes it only with
// Secure, Path=/ and no Domain, so that no other host of the same site can plant one.
import type { NextAuthOptions } from 'next-auth';

export const isSecure = (publicUrl: string): boolean => publicUrl.startsWith('https:');

export const sessionCookieName = (publicUrl: string): string => (isSecure(publicUrl) ? '__Host-hostmaster-session' : 'hostmaster-session');

export function cookieOptions(publicUrl: string): NonNullable<NextAuthOptions['cookies']> {
  const secure = isSecure(publicUrl);
  const options = { httpOnly: true, sameSite: 'lax', path: '/', secure } as const;
  const prefixed = (name: string): string => (secure ? `__Host-${name}` : name);
  const brief = { ...options, maxAge: 15 * 60 };
  return {
    sessionToken: { name: sessionCookieName(publicUrl), options },
    callbackUrl: { name: prefixed('hostmaster-callback-url'), options },
    csrfToken: { name: prefixed('hostmaster-csrf-token'), options },
    pkceCodeVerifier: { name: prefixed('hostmaster-pkce'), options: brief },
    state: { name: prefixed('hostmaster-state'), options: brief },
    nonce: { name: prefixed('hostmaster-nonce'), options: brief },
  };
}

/** The value of one cookie of a Cookie header, or null. */
export function readCookie(header: string | null, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}
