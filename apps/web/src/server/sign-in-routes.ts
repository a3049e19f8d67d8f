// What next-auth is asked for here. What else it has addresses for it answers in words of its own, or writes into our log.
import { HostmasterError } from '@hostmaster/core/errors';
import type { Exchange } from '@hostmaster/http/door';

const base = '/api/auth';

/** The methods that each address below takes, without HEAD. */
const routes: ReadonlyMap<string, readonly string[]> = new Map([
  ['csrf', ['GET']],
  ['providers', ['GET']],
  ['session', ['GET']],
  ['error', ['GET']],
  // Whoever comes without the CSRF token is led here, and from here to our own page.
  ['signin', ['GET']],
  ['signout', ['GET', 'POST']],
  ['callback/credentials', ['POST']],
  ['signin/oidc', ['POST']],
  ['callback/oidc', ['GET']],
]);

/** Errors: not-found; method-not-allowed, with the methods that the address takes in the headers. @param nextauth the path below the base */
export function requireSignInRoute({ method }: { readonly method: string }, nextauth: readonly string[], { headers }: Exchange): void {
  const path = nextauth.join('/');
  const address = `${base}/${path.slice(0, 200)}`;
  const allowed = routes.get(path);
  if (allowed === undefined) throw new HostmasterError('not-found', `There is nothing at ${address}.`);
  if (allowed.includes(method === 'HEAD' ? 'GET' : method)) return;
  headers.set('Allow', allowed.join(', '));
  throw new HostmasterError('method-not-allowed', `${address} takes ${allowed.join(', ')}.`);
}
