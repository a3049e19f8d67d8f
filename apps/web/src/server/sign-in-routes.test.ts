import { openExchange } from '@hostmaster/http/door';
import { describe, expect, it } from 'vitest';
import { requireSignInRoute } from './sign-in-routes.ts';

function asked(method: string, path: string) {
  const exchange = openExchange({ headers: new Headers() });
  try {
    requireSignInRoute({ method }, path.split('/'), exchange);
    return 'answered';
  } catch (error) {
    return { code: (error as { code?: unknown }).code, allow: exchange.headers.get('Allow') };
  }
}

describe('an address of the sign-in', () => {
  it.each(['GET csrf', 'HEAD csrf', 'GET providers', 'GET session', 'GET signin', 'GET error', 'GET signout', 'POST signout'])(
    'is answered: %s',
    (line) => expect(asked(...(line.split(' ') as [string, string]))).toBe('answered'),
  );
  it.each(['POST callback/credentials', 'POST signin/oidc', 'GET callback/oidc'])('is answered: %s', (line) =>
    expect(asked(...(line.split(' ') as [string, string]))).toBe('answered'),
  );

  it.each([
    ['GET', 'callback/credentials', 'POST'],
    ['HEAD', 'callback/credentials', 'POST'],
    ['GET', 'signin/oidc', 'POST'],
    ['POST', 'callback/oidc', 'GET'],
    ['POST', 'session', 'GET'],
    ['POST', 'csrf', 'GET'],
  ])('that takes another method says which: %s %s', (method, path, allow) =>
    expect(asked(method, path)).toEqual({ code: 'method-not-allowed', allow }),
  );

  it.each(['_log', '_log/csrf', 'callback', 'callback/nothing', 'signin/credentials', 'verify-request', 'session/x', 'nothing', 'a/b/c'])(
    'that nobody here asks for is not there, whatever next-auth would do: %s',
    (path) => {
      for (const method of ['GET', 'POST']) expect(asked(method, path)).toEqual({ code: 'not-found', allow: null });
    },
  );
});
