import { readFileSync } from 'node:fs';
import { keyDestinations } from '@hostmaster/core/pki/key-destinations';
import { z } from 'zod';

const keyEncryptionKey = z
  .base64()
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64')))
  .refine((key) => key.length === 32, 'must be 32 octets in base64');

/** One after the other, between white space or commas. */
const keyEncryptionKeys = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''))
  .pipe(z.array(keyEncryptionKey));

/** Each 32 octets in base64, or the file that holds it; none is ever stored in the database. */
const keyVariables = {
  /** Opens what is wrapped under it, and everything new is. */
  HOSTMASTER_KEK: keyEncryptionKey.optional(),
  HOSTMASTER_KEK_FILE: z.string().optional(),
  /** Those before it, which still open what is under them, until `npm run admin -- rewrap` has wrapped that anew. */
  HOSTMASTER_RETIRED_KEKS: keyEncryptionKeys.optional(),
  HOSTMASTER_RETIRED_KEKS_FILE: z.string().optional(),
};
export type KeyEncryptionKeys = { readonly kek: Uint8Array; readonly retiredKeks: readonly Uint8Array[] };

type KeyVariables = z.output<z.ZodObject<typeof keyVariables>>;

/** undefined where an issue was added. */
function keysOf(given: KeyVariables, issues: z.RefinementCtx): KeyEncryptionKeys | undefined {
  const refuse = (name: string, message: string) => issues.addIssue({ code: 'custom', path: [name], message });
  const kek = given.HOSTMASTER_KEK ?? readKeys(given.HOSTMASTER_KEK_FILE, keyEncryptionKey);
  if (kek === undefined) refuse('HOSTMASTER_KEK', 'set it, or HOSTMASTER_KEK_FILE, to 32 octets in base64');
  const file = given.HOSTMASTER_RETIRED_KEKS_FILE;
  const retiredKeks = given.HOSTMASTER_RETIRED_KEKS ?? (file === undefined ? [] : readKeys(file, keyEncryptionKeys));
  if (retiredKeks === undefined)
    refuse('HOSTMASTER_RETIRED_KEKS_FILE', 'must name a file that holds keys of 32 octets in base64, one a line');
  return kek === undefined || retiredKeks === undefined ? undefined : { kek, retiredKeks };
}

const emptyIsAbsent = (value: unknown): unknown => (value === '' ? undefined : value);

/** The token that keys of CAs are made and used in (PKCS #11): all three, or none of them. The PIN is its user's, not that of its officer. */
const tokenVariables = {
  HOSTMASTER_PKCS11_MODULE: z.preprocess(
    emptyIsAbsent,
    z.string().startsWith('/', 'give the whole path of the library, for example /usr/lib/softhsm/libsofthsm2.so').optional(),
  ),
  HOSTMASTER_PKCS11_TOKEN: z.preprocess(
    emptyIsAbsent,
    z
      .string()
      .refine((label) => Buffer.byteLength(label) <= 32 && label.trimEnd() === label, 'give the label of the token: 32 octets at most')
      .optional(),
  ),
  HOSTMASTER_PKCS11_PIN: z.preprocess(emptyIsAbsent, z.string().optional()),
  HOSTMASTER_PKCS11_PIN_FILE: z.preprocess(emptyIsAbsent, z.string().optional()),
};
export type TokenSettings = { readonly module: string; readonly label: string; readonly pin: string };

type TokenVariables = z.output<z.ZodObject<typeof tokenVariables>>;

const tokenMissing = 'the other settings of the token are given; set all of HOSTMASTER_PKCS11_*, or none';

/** null where no token is set up; undefined where an issue was added. */
function tokenOf(given: TokenVariables, issues: z.RefinementCtx): TokenSettings | null | undefined {
  const { HOSTMASTER_PKCS11_MODULE: module, HOSTMASTER_PKCS11_TOKEN: label, HOSTMASTER_PKCS11_PIN_FILE: file } = given;
  const refuse = (name: keyof TokenVariables, message: string) => issues.addIssue({ code: 'custom', path: [name], message });
  if (Object.values(given).every((value) => value === undefined)) return null;
  const pin = given.HOSTMASTER_PKCS11_PIN ?? readPin(file);
  if (module === undefined) refuse('HOSTMASTER_PKCS11_MODULE', tokenMissing);
  if (label === undefined) refuse('HOSTMASTER_PKCS11_TOKEN', tokenMissing);
  if (pin === undefined && file === undefined)
    refuse('HOSTMASTER_PKCS11_PIN', `${tokenMissing}; HOSTMASTER_PKCS11_PIN_FILE may stand in its place`);
  if (pin === undefined && file !== undefined)
    refuse('HOSTMASTER_PKCS11_PIN_FILE', 'must name a file that holds the PIN, and that the worker can read');
  return module === undefined || label === undefined || pin === undefined ? undefined : { module, label, pin };
}

/** Stands in certificates for years. */
const plainHttp = z
  .url({ protocol: /^http$/, error: 'Give an address that begins with http://; whoever verifies a certificate cannot fetch it over TLS.' })
  .refine((text) => !/[?#]/.test(text), 'Give an address that begins with http:// and has no query.');

const pkiUrlMissing =
  'the portal is on https; set it to the http:// address at which certificates and CRLs are fetched (docs/guides/operate.md)';

/** Nothing of it is read by a shell, so what only a shell would understand is refused. */
const command = z
  .string()
  .transform((text) => text.split(/\s+/).filter((word) => word !== ''))
  .refine(
    (words): words is [string, ...string[]] => words[0]?.startsWith('/') === true && words.every((word) => /^[\w./:=@%+,-]+$/.test(word)),
    'give a program by its whole path and its arguments, with spaces between; no shell reads it, so put what needs one into a script',
  );

const schema = z
  .object({
    DATABASE_URL: z.url(),
    /** Redis for the queue; without it the queue lives in Postgres. */
    REDIS_URL: z.url().optional(),
    ...keyVariables,
    ...tokenVariables,
    /** Where users reach the portal. */
    HOSTMASTER_PUBLIC_URL: z.url({ protocol: /^https?$/ }),
    /** What certificates point to: CA certificates, CRLs and OCSP are below its /pki/. Without it, the portal's own address, where that is http. */
    HOSTMASTER_PKI_URL: z.preprocess(emptyIsAbsent, plainHttp.optional()),
    /** Where certificates are handed to the server that ends TLS; without it nothing is delivered from here. */
    HOSTMASTER_EDGE_DIRECTORY: z.string().optional(),
    /** Has that server read the directory again; not needed where it looks at every handshake. */
    HOSTMASTER_EDGE_RELOAD: z.preprocess(emptyIsAbsent, command.optional()),
    /** API servers of clusters that private keys may be handed to; whatever else somebody connects in the portal gets none. */
    HOSTMASTER_KEY_DESTINATIONS: keyDestinations.default([]),
    /** Where Kubernetes puts the token of the worker's service account, with which it signs in to Vault where that is wanted. */
    HOSTMASTER_SERVICE_ACCOUNT_TOKEN_FILE: z.string().default('/var/run/secrets/kubernetes.io/serviceaccount/token'),
    HOSTMASTER_ORGANISATION: z.string().min(1).max(40).default('Hostmaster'),
    /** Address and port of /livez, /readyz and /metrics. */
    WORKER_ADDRESS: z.string().default('127.0.0.1'),
    WORKER_PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
    /** Slots for DNS and issuing. */
    WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(8),
    /** Slots for probes, which mostly wait for somebody else's server. */
    WORKER_PROBES: z.coerce.number().int().min(1).max(256).default(16),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  })
  .transform(({ HOSTMASTER_PKI_URL, ...variables }, issues) => {
    const { HOSTMASTER_PKCS11_MODULE, HOSTMASTER_PKCS11_TOKEN, HOSTMASTER_PKCS11_PIN, HOSTMASTER_PKCS11_PIN_FILE, ...rest } = variables;
    const keys = keysOf(rest, issues);
    const token = tokenOf({ HOSTMASTER_PKCS11_MODULE, HOSTMASTER_PKCS11_TOKEN, HOSTMASTER_PKCS11_PIN, HOSTMASTER_PKCS11_PIN_FILE }, issues);
    const pkiUrl = HOSTMASTER_PKI_URL ?? (rest.HOSTMASTER_PUBLIC_URL.startsWith('http:') ? rest.HOSTMASTER_PUBLIC_URL : undefined);
    if (pkiUrl === undefined) issues.addIssue({ code: 'custom', path: ['HOSTMASTER_PKI_URL'], message: pkiUrlMissing });
    if (rest.HOSTMASTER_EDGE_RELOAD !== undefined && rest.HOSTMASTER_EDGE_DIRECTORY === undefined)
      issues.addIssue({
        code: 'custom',
        path: ['HOSTMASTER_EDGE_RELOAD'],
        message: 'there is nothing to reload without HOSTMASTER_EDGE_DIRECTORY',
      });
    return keys === undefined || token === undefined || pkiUrl === undefined ? z.NEVER : { ...rest, ...keys, token, pkiUrl };
  });

function readKeys<Keys>(path: string | undefined, keys: z.ZodType<Keys, string>): Keys | undefined {
  if (path === undefined) return undefined;
  try {
    return keys.parse(readFileSync(path, 'utf8').trim());
  } catch {
    return undefined;
  }
}

/** undefined where there is none. */
function readPin(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    // One line, however the file ends.
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '') || undefined;
  } catch {
    return undefined;
  }
}

export type Env = z.output<typeof schema>;

/** The worker's environment. Throws one error that lists every bad variable. */
export function readEnv(variables: NodeJS.ProcessEnv): Env {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  throw new Error(`The worker cannot start; these variables are wrong or missing:\n${linesOf(result.error)}`);
}

const linesOf = ({ issues }: z.ZodError): string => issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`).join('\n');

/** For the command that wraps keys anew. Throws one error that lists every bad variable. */
export function readKeyEncryptionKeys(variables: NodeJS.ProcessEnv): KeyEncryptionKeys {
  const keys = z.object(keyVariables).transform((given, issues) => keysOf(given, issues) ?? z.NEVER);
  const result = keys.safeParse(variables);
  if (result.success) return result.data;
  throw new Error(`The keys cannot be wrapped anew; these variables are wrong or missing:\n${linesOf(result.error)}`);
}

/** For commands that need the database and nothing else. Throws where DATABASE_URL is missing or wrong. */
export function readDatabaseUrl(variables: NodeJS.ProcessEnv): string {
  const result = z.url().safeParse(variables.DATABASE_URL);
  if (result.success) return result.data;
  throw new Error('DATABASE_URL must name the database, for example postgresql://user:password@127.0.0.1:5432/hostmaster.');
}

/** For the command that gives the two processes their roles. Throws with everything that is missing. */
export function readRolePasswords(variables: Readonly<Record<string, string | undefined>>): {
  readonly worker: string;
  readonly web: string;
} {
  const password = z.string().min(16);
  const result = z
    .object({ WORKER_DATABASE_PASSWORD: password, WEB_DATABASE_PASSWORD: password })
    .transform(({ WORKER_DATABASE_PASSWORD: worker, WEB_DATABASE_PASSWORD: web }) => ({ worker, web }))
    .safeParse(variables);
  if (result.success) return result.data;
  throw new Error(`${result.error.issues.map(({ path }) => path.join('.')).join(' and ')} must hold a password of 16 characters or more.`);
}
