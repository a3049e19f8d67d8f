// Who asks, found out once per request: a bearer token or a session cookie, never both. A change that a cookie vouches for
// must come from our own pages.
import { createHash } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { actorOfBearer } from '@hostmaster/http/bearer';
import { clientAddress } from '@hostmaster/http/client-address';
import type { Exchange } from '@hostmaster/http/door';
import { checkSession } from '@hostmaster/usecases/session/check';
import { sessionIdOf } from './auth.ts';
import type { Container } from './container.ts';
import type { RequestContext } from './trpc/init.ts';

/**
 * Errors: unavailable where the database does not say; not-signed-in for a token that does not count (a cookie that does not count is nobody), forbidden for a change
 * that another site's page sent along with our cookie.
 */
export async function requestContext(
  request: { readonly headers: Headers; readonly method: string },
  container: Container,
  exchange: Exchange,
): Promise<RequestContext> {
  const { env, door, parts } = container;
  const who = await whoAsks(request, container);
  return { exchange, door, key: null, parts, ...who, clientAddress: clientAddress(request.headers, env.trustedProxyHops) };
}

/** Who asks is found in a moment, or the database stands still; longer than it takes to be refused a connection. */
const whoMilliseconds = 6_000;

/** Errors: unavailable, where no answer comes: every request begins with this, so none hangs. Waiting for a turn is not counted. */
async function answered<T>(question: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new HostmasterError('unavailable', 'The database does not answer.', { retryAfter: 5 })),
      whoMilliseconds,
    );
  });
  try {
    return await Promise.race([question, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A few at a time of what comes with the same token or session: a hundred calls at once would hold every connection. */
async function whoAsks(
  { headers, method }: { readonly headers: Headers; readonly method: string },
  container: Container,
): Promise<Pick<RequestContext, 'actor' | 'sessionId'>> {
  const { door, parts } = container;
  const ask = <T>(credential: string, question: () => Promise<T>): Promise<T> =>
    new Promise((resolve) => {
      void door.inTurn(createHash('sha256').update(credential).digest('hex'), async () => {
        const asked = question();
        resolve(answered(asked));
        // Whoever was told that no answer comes still holds a connection.
        await asked.catch(() => {});
      });
    });
  const authorization = headers.get('authorization');
  if (authorization !== null) {
    const [secret = ''] = authorization.split(' ').slice(-1);
    return { actor: await ask(secret, () => actorOfBearer(headers, parts)), sessionId: null };
  }
  const sessionId = await sessionIdOf(headers.get('cookie'), container);
  const actor = sessionId === null ? null : await ask(sessionId, () => checkSession(parts, sessionId));
  if (actor === null) return { actor, sessionId: null };
  if (method !== 'GET' && method !== 'HEAD') requireOwnOrigin(headers, container.env.publicUrl);
  return { actor, sessionId };
}

/** Fetch metadata where the browser sends it, else the Origin header; a browser sends one of both with every change. */
function requireOwnOrigin(headers: Headers, publicUrl: string): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (site === 'same-origin' || (site === null && origin === publicUrl)) return;
  throw new HostmasterError('forbidden', `A change with a session cookie must come from ${publicUrl}; elsewhere send a token.`);
}
