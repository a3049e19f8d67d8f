// Sign-in and sign-out by next-auth. Its cookie is an encrypted token that holds nothing but the id of our session row;
// the row is what counts, and is looked at on every request, so that a sign-out or a disabled person counts at once.
import { HostmasterError } from '@hostmaster/core/errors';
import { browserOf } from '@hostmaster/core/person/browser';
import { clientAddress } from '@hostmaster/http/client-address';
import { asOwnError } from '@hostmaster/http/own-error';
import { linkOidc } from '@hostmaster/usecases/person/link-oidc';
import { signIn } from '@hostmaster/usecases/person/sign-in';
import { endSession } from '@hostmaster/usecases/session/end';
import { sessionSeconds, startSession } from '@hostmaster/usecases/session/start';
import type { NextAuthOptions } from 'next-auth';
import { decode } from 'next-auth/jwt';
import { z } from 'zod';
import type { Container } from './container.ts';
import { cookieOptions, isSecure, readCookie, sessionCookieName } from './cookies.ts';
import { proofOf } from './own-message.ts';

const credentials = z.object({ account: z.string().min(1), password: z.string().min(1) });
const claims = z.object({
  sub: z.string().min(1).max(255),
  name: z.string().nullish(),
  email: z.string().nullish(),
  email_verified: z.boolean().nullish(),
});

/** The id of the provider, as in `signIn('oidc')`. */
const oidcProviderId = 'oidc';

/** @param client the browser that signs in: what it says it is, and the address that it comes from */
export function authOptions(
  { env, log, parts, signInLog }: Container,
  client: { readonly userAgent: string | null; readonly address: string },
): NextAuthOptions {
  const link = (profile: unknown): Promise<{ id: string }> => {
    const known = claims.parse(profile);
    return linkOidc(parts, {
      subject: known.sub,
      name: known.name ?? null,
      email: known.email ?? null,
      emailVerified: known.email_verified === true,
      clientAddress: client.address,
    });
  };
  return {
    secret: env.authSecret,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    useSecureCookies: isSecure(env.publicUrl),
    cookies: cookieOptions(env.publicUrl),
    pages: { signIn: '/sign-in', signOut: '/sign-in', error: '/sign-in' },
    logger: {
      error: (code, metadata) => signInLog(code, metadata instanceof Error ? metadata : metadata.error),
      warn: (code) => signInLog(code),
      debug: () => {},
    },
    providers: [
      {
        id: 'credentials',
        type: 'credentials',
        name: 'Account',
        credentials: { account: {}, password: {} },
        // What is thrown here reaches the sign-in page as its message: only our own texts may.
        authorize: async (input, request) => {
          const given = credentials.safeParse(input);
          if (!given.success) return null;
          try {
            return await signIn(parts, { ...given.data, clientAddress: clientAddress(request.headers ?? {}, env.trustedProxyHops) });
          } catch (error) {
            const own = asOwnError(error);
            if (own.code === 'internal') log.error({ err: error }, 'sign-in');
            throw own;
          }
        },
      },
      ...(env.oidc === null ? [] : [oidcProvider(env.oidc)]),
    ],
    callbacks: {
      signIn: async ({ account, profile }) => {
        if (account?.provider !== oidcProviderId) return true;
        try {
          await link(profile);
          return true;
        } catch (error) {
          const own =
            error instanceof z.ZodError
              ? new HostmasterError('sign-in-failed', 'The identity provider did not say who you are.')
              : asOwnError(error);
          signInLog(own.code, error);
          return `/sign-in?${new URLSearchParams({ error: own.message, proof: proofOf(own.message, env.authSecret) })}`;
        }
      },
      // `user` is only there right after a sign-in; later calls keep the one claim.
      jwt: async ({ token, user, account, profile }) => {
        if (account === null || user === undefined) return { sid: token.sid };
        const viaOidc = account.provider === oidcProviderId;
        const person = viaOidc ? await link(profile) : user;
        const session = await startSession(parts, {
          personId: person.id,
          method: viaOidc ? 'oidc' : 'password',
          browser: browserOf(client.userAgent),
          address: client.address,
        });
        return { sid: session.id };
      },
      session: ({ session }) => ({ expires: session.expires }),
      redirect: ({ url }) => ownUrl(url, env.publicUrl),
    },
    events: {
      signOut: async ({ token }) => {
        if (typeof token?.sid === 'string')
          await endSession({ ...parts, client: { sessionId: token.sid, address: client.address } }, token.sid);
      },
    },
  };
}

/** Where a sign-in may lead: into the portal, and nowhere else. */
export function ownUrl(url: string, publicUrl: string): string {
  const target = URL.canParse(url, publicUrl) ? new URL(url, publicUrl) : null;
  return target !== null && target.origin === publicUrl ? target.href : publicUrl;
}

/** The same as an address below the portal, for links of ours: one that begins with two slashes would be read as another host. */
export function ownPath(url: string, publicUrl: string): string {
  const { pathname, search } = new URL(ownUrl(url, publicUrl));
  return `/${pathname.replace(/^\/+/, '')}${search}`;
}

/** The id of the session that a Cookie header carries, not yet checked against its row; null without a valid cookie. */
export async function sessionIdOf(cookieHeader: string | null, { env }: Container): Promise<string | null> {
  const value = readCookie(cookieHeader, sessionCookieName(env.publicUrl));
  if (value === null) return null;
  try {
    const token = await decode({ token: value, secret: env.authSecret });
    return typeof token?.sid === 'string' ? token.sid : null;
  } catch {
    return null; // tampered with, or of another secret: the same as none
  }
}

const oidcProvider = (oidc: NonNullable<Container['env']['oidc']>): NextAuthOptions['providers'][number] => ({
  id: oidcProviderId,
  name: oidc.name,
  type: 'oauth',
  wellKnown: `${oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
  issuer: oidc.issuer,
  clientId: oidc.clientId,
  clientSecret: oidc.clientSecret,
  idToken: true,
  checks: ['pkce', 'state', 'nonce'],
  authorization: { params: { scope: 'openid email profile' } },
  httpOptions: { timeout: 5_000 },
  userinfo: {
    // A provider may keep e-mail and name out of the ID token (OpenID Connect Core, section 5.4): ask for them. The
    // subject of both must be the same (section 5.3.2); the ID token's signature was verified before.
    request: async ({ client, tokens }) => {
      const { access_token, id_token } = tokens;
      if (access_token === undefined || id_token === undefined) throw new Error('The provider sent no tokens.');
      const profile = claims.parse(await client.userinfo(access_token));
      const payload = Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString('utf8');
      if (claims.parse(JSON.parse(payload)).sub !== profile.sub) throw new Error('The ID token and the user info speak of two subjects.');
      return { ...profile, name: profile.name ?? undefined, email: profile.email ?? undefined };
    },
  },
  profile: (profile: { sub: string }) => ({ id: profile.sub }),
});
