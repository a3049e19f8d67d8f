// Signing in to Vault. A token is kept in memory alone, and taken anew before it ends, or once it is refused.
import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { operator } from '@hostmaster/core/operation/moves-next';
import { vaultLogin, vaultToken } from '@hostmaster/core/vault/answer';
import { unavailableVault, type VaultRefusal, vaultWords } from '@hostmaster/core/vault/problem';
import type { VaultAnswer, VaultCall, VaultServer } from './server.ts';

export type VaultSignIn =
  | { readonly method: 'token'; readonly token: string }
  /** `mount` of the auth method, such as approle. */
  | { readonly method: 'approle'; readonly mount: string; readonly roleId: string; readonly secretId: string }
  | { readonly method: 'kubernetes'; readonly mount: string; readonly role: string; readonly serviceAccount: () => Promise<string> };

export type VaultSession = {
  /** A call with a token that is accepted, if there is one. Errors: issuer-unavailable; refusals of the call itself are answers. */
  call(call: Omit<VaultCall, 'token'>, signal: AbortSignal): Promise<VaultAnswer>;
};

type Held = { readonly token: string /** When it is looked at again, in milliseconds since 1970. */; readonly until: number };

/** Of its time a token is used so much, and then taken anew or renewed. */
const usedShare = 2 / 3;
/** One that has no end is looked at now and then: it may have been revoked. */
const longestSeconds = 24 * 3600;

export function vaultSession(server: VaultServer, signIn: VaultSignIn, clock: Clock): VaultSession {
  let held: Held | undefined;
  /** What a fresh token was refused: there a policy says no, and another one would be refused, too. */
  const denied = new Set<string>();

  const until = (seconds: number): number =>
    clock.now().getTime() + Math.min(seconds === 0 ? longestSeconds : seconds, longestSeconds) * usedShare * 1000;

  const notAccepted = (refusal: VaultRefusal): HostmasterError =>
    new HostmasterError('issuer-unavailable', `${server.name} does not let Hostmaster sign in (${signIn.method}): ${vaultWords(refusal)}`, {
      movesNext: operator,
    });

  /** Whether a refusal is one of what Hostmaster signs in with. A server that is sealed, say, refuses everything. */
  const isOfSignIn = ({ status }: VaultRefusal): boolean => status === 400 || status === 403;

  async function login(mount: string, body: object, signal: AbortSignal): Promise<Held> {
    const path = `auth/${mount}/login`;
    const answer = await server.call({ method: 'POST', path, token: null, body }, signal);
    if (!answer.ok && isOfSignIn(answer)) throw notAccepted(answer);
    if (!answer.ok) throw unavailableVault({ name: server.name, path, settings: '“Sign-in mount” and “Namespace”' }, answer);
    const { client_token: token, lease_duration: seconds } = server.read(vaultLogin, answer.json, 'login').auth;
    return { token, until: until(seconds) };
  }

  /** A token that somebody gave is renewed while it can be, so that one in use does not end. */
  async function own(token: string, signal: AbortSignal): Promise<Held> {
    const path = 'auth/token/lookup-self';
    const answer = await server.call({ method: 'GET', path, token }, signal);
    if (!answer.ok && isOfSignIn(answer)) throw notAccepted(answer);
    if (!answer.ok) throw unavailableVault({ name: server.name, path, settings: '“Namespace”' }, answer);
    const { ttl, creation_ttl: whole, renewable } = server.read(vaultToken, answer.json, 'token').data;
    if (ttl === 0 || !renewable || ttl > whole / 2) return { token, until: until(ttl) };
    const renewed = await server.call({ method: 'POST', path: 'auth/token/renew-self', token, body: {} }, signal);
    // One that may not renew itself is used to its end.
    return { token, until: until(renewed.ok ? server.read(vaultLogin, renewed.json, 'login').auth.lease_duration : ttl) };
  }

  async function open(signal: AbortSignal): Promise<Held> {
    if (signIn.method === 'token') return own(signIn.token, signal);
    if (signIn.method === 'approle') return login(signIn.mount, { role_id: signIn.roleId, secret_id: signIn.secretId }, signal);
    return login(signIn.mount, { role: signIn.role, jwt: await signIn.serviceAccount() }, signal);
  }

  const session: VaultSession = {
    async call(call, signal) {
      const kept = held !== undefined && clock.now().getTime() < held.until ? held : undefined;
      const used = kept ?? (await open(signal));
      held = used;
      const [path = ''] = call.path.split('?');
      const answer = await server.call({ ...call, token: used.token }, signal);
      if (answer.ok || answer.status !== 403) {
        denied.delete(path);
        return answer;
      }
      // Whether the token has ended or its policy says no, Vault does not tell: a fresh one does.
      if (kept === undefined) denied.add(path);
      if (denied.has(path)) return answer;
      held = undefined;
      return session.call(call, signal);
    },
  };
  return session;
}
