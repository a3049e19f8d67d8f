// The tokens, policies and auth methods of the fake of Vault: AppRole and Kubernetes at their usual mounts, or others.
import { randomBytes, randomUUID } from 'node:crypto';

export type Answer = { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

/** A refusal as Vault's API answers each: its errors as a list. */
export const refused = (status: number, ...errors: readonly string[]): Answer => ({ status, body: { errors } });

export type Capability = 'read' | 'update' | 'list';
/** What a token may do, by path; `+` stands for one segment, a `*` at the end for whatever follows. */
export type Policy = Readonly<Record<string, readonly Capability[]>>;

type Token = { policy: Policy; until: number | null; whole: number; renewable: boolean };

export type FakeAuth = {
  /** A token as an operator gives it. @param seconds null: without an end */
  token(policy: Policy, seconds?: number | null): string;
  revoke(token: string): void;
  /** How many tokens there are that have not ended. */
  readonly live: () => number;
  /** Tokens of logins have this policy, and live so many seconds. */
  grant(policy: Policy, seconds?: number): void;
  readonly roleId: string;
  readonly secretId: string;
  /** A secret id that ends this one. */
  endSecretId(): void;
  /** The token of the service account that Kubernetes vouches for, and the role that it may be. */
  readonly serviceAccount: string;
  readonly kubernetesRole: string;
  /** What the token may do at each path that is named. */
  capabilities(method: string, path: string, token: string | null, body: unknown): Answer | null;
  login(method: string, path: string, body: unknown): Answer | null;
  ownToken(method: string, path: string, token: string | null): Answer | null;
  allows(token: string | null, path: string, capability: Capability): boolean;
  /** Time goes on by so many seconds. */
  advance(seconds: number): void;
};

/** Every token has it unless it is made without. */
const byDefault: Policy = { 'auth/token/lookup-self': ['read'], 'auth/token/renew-self': ['update'], 'sys/capabilities-self': ['update'] };

const matches = (pattern: string, path: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('+', '[^/]+')
      .replace(/\*$/, '.*')}$`,
  ).test(path);

const field = (body: unknown, name: string): string => {
  const value: unknown = Object(body)[name];
  return typeof value === 'string' ? value : '';
};

export function createFakeAuth(): FakeAuth {
  const tokens = new Map<string, Token>();
  const [roleId, serviceAccount, kubernetesRole] = [randomUUID(), `eyJ.${randomBytes(24).toString('base64url')}.x`, 'hostmaster'];
  const secretId: string = randomUUID();
  const secretIds = new Set([secretId]);
  let granted: { policy: Policy; seconds: number } = { policy: {}, seconds: 3600 };
  let ahead = 0;
  const now = (): number => Date.now() / 1000 + ahead;

  function make(policy: Policy, seconds: number | null): string {
    const token = `hvs.${randomBytes(24).toString('base64url')}`;
    tokens.set(token, {
      policy: { ...byDefault, ...policy },
      until: seconds === null ? null : now() + seconds,
      whole: seconds ?? 0,
      renewable: seconds !== null,
    });
    return token;
  }
  const living = (token: string | null): Token | null => {
    const found = token === null ? undefined : tokens.get(token);
    return found === undefined || (found.until !== null && found.until <= now()) ? null : found;
  };
  const auth = (token: string, seconds: number, renewable: boolean): Answer => ({
    status: 200,
    body: { auth: { client_token: token, accessor: randomUUID(), lease_duration: seconds, renewable, token_type: 'service' } },
  });
  const signedIn = (): Answer => auth(make(granted.policy, granted.seconds), granted.seconds, true);

  return {
    token: (policy, seconds = null) => make(policy, seconds),
    revoke: (token) => void tokens.delete(token),
    live: () => [...tokens.keys()].filter((token) => living(token) !== null).length,
    grant: (policy, seconds = 3600) => {
      granted = { policy, seconds };
    },
    roleId,
    secretId,
    endSecretId: () => secretIds.clear(),
    serviceAccount,
    kubernetesRole,

    capabilities(method, path, token, body) {
      if (method !== 'POST' || path !== 'sys/capabilities-self') return null;
      const paths: unknown = Object(body).paths;
      const policy = Object.entries(living(token)?.policy ?? {});
      const of = (named: unknown) => {
        const can = policy.flatMap(([pattern, capabilities]) => (matches(pattern, String(named)) ? capabilities : []));
        return can.length === 0 ? ['deny'] : can;
      };
      const said = Object.fromEntries((Array.isArray(paths) ? paths : []).map((named) => [String(named), of(named)]));
      return { status: 200, body: { ...said, data: said } };
    },

    login(method, path, body) {
      if (!/^auth\/[^/]+\/login$/.test(path) || path.startsWith('auth/token/')) return null;
      if (method !== 'POST') return refused(405, 'unsupported operation');
      if (path === 'auth/approle/login') {
        if (field(body, 'role_id') === '') return refused(400, 'missing role_id');
        if (field(body, 'secret_id') === '') return refused(400, 'missing secret_id');
        const known = field(body, 'role_id') === roleId && secretIds.has(field(body, 'secret_id'));
        // An older Vault repeats the secret id that it was given.
        return known ? signedIn() : refused(400, `invalid role or secret ID "${field(body, 'secret_id')}"`);
      }
      if (path === 'auth/kubernetes/login') {
        if (field(body, 'role') !== kubernetesRole) return refused(400, `invalid role name ${JSON.stringify(field(body, 'role'))}`);
        return field(body, 'jwt') === serviceAccount ? signedIn() : refused(403, 'permission denied');
      }
      // What no auth method answers is a path like any other, for which a token is missing.
      return refused(403, 'permission denied');
    },

    ownToken(method, path, token) {
      if (token === null || !path.startsWith('auth/token/')) return null;
      const found = living(token);
      if (found === null) return refused(403, 'permission denied');
      const ttl = found.until === null ? 0 : Math.round(found.until - now());
      if (path === 'auth/token/lookup-self' && method === 'GET')
        return { status: 200, body: { data: { ttl, creation_ttl: found.whole, renewable: found.renewable, id: token } } };
      if (path === 'auth/token/renew-self' && method === 'POST') {
        if (!found.renewable) return refused(400, 'lease is not renewable');
        found.until = now() + found.whole;
        return auth(token, found.whole, true);
      }
      return refused(405, 'unsupported operation');
    },

    allows(token, path, capability) {
      const found = living(token);
      return found !== null && Object.entries(found.policy).some(([pattern, can]) => can.includes(capability) && matches(pattern, path));
    },
    advance: (seconds) => {
      ahead += seconds;
    },
  };
}
