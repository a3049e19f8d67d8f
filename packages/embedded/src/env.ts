// The only place where the supervisor reads its environment: what its owner may choose, and what its children inherit.
// Children get an explicit list and nothing else, so that a secret of one never reaches the other.

export type Env = {
  /** Used instead of the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined;
  /** The queue's Redis; without it the queue lies in PostgreSQL. */
  readonly redisUrl: string | undefined;
  /** Key-encryption key of an installation that keeps it elsewhere; base64 of 32 octets. */
  readonly kek: string | undefined;
  /** Clusters that private keys may be handed to; passed to the workers. */
  readonly keyDestinations: string | undefined;
  /** The token (PKCS #11) that keys of CAs live in; passed to the workers. */
  readonly token: Readonly<Record<string, string>>;
  /** Sign-in through an OpenID provider; passed to the portal. */
  readonly oidc: Readonly<Record<string, string>>;
  /** What any program needs to run at all. */
  readonly inherited: Readonly<Record<string, string>>;
  readonly startedByNpm: boolean;
};

const INHERITED = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'NODE_ENV',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'LOG_LEVEL',
];
const TOKEN = ['HOSTMASTER_PKCS11_MODULE', 'HOSTMASTER_PKCS11_TOKEN', 'HOSTMASTER_PKCS11_PIN', 'HOSTMASTER_PKCS11_PIN_FILE'];
const OIDC = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_NAME'];

export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  const pick = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.flatMap((name) => (source[name] ? [[name, source[name]]] : [])));
  return {
    databaseUrl: source.DATABASE_URL || undefined,
    redisUrl: source.REDIS_URL || undefined,
    kek: source.HOSTMASTER_KEK || undefined,
    keyDestinations: source.HOSTMASTER_KEY_DESTINATIONS || undefined,
    token: pick(TOKEN),
    oidc: pick(OIDC),
    inherited: pick(INHERITED),
    startedByNpm: source.npm_lifecycle_event === 'start' || source.npm_lifecycle_event === 'dev',
  };
}
