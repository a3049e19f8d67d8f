import { HostmasterError } from '@hostmaster/core/errors';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { authenticateToken } from '@hostmaster/usecases/token/authenticate';
import type { Door } from './door.ts';

/** Who the token of an Authorization header stands for; null without such a header. Errors: not-signed-in, saying why. */
export async function actorOfBearer(headers: Headers, door: Pick<Door, 'db' | 'clock'>): Promise<Actor | null> {
  const authorization = headers.get('authorization');
  if (authorization === null) return null;
  const [, secret] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (secret === undefined) throw new HostmasterError('not-signed-in', 'Send the token as `Authorization: Bearer hm_…`.');
  return authenticateToken(door, secret);
}

/** Errors: not-signed-in for nobody. */
export function signedIn(actor: Actor | null): Actor {
  if (actor === null) throw new HostmasterError('not-signed-in', 'Sign in first, or send a token.');
  return actor;
}
