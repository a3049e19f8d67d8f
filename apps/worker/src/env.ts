import { readFileSync } from 'node:fs';
import { z } from 'zod';

const keyEncryptionKey = z
  .base64()
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64')))
  .refine((key) => key.length === 32, 'must be 32 octets in base64');

const emptyIsAbsent = (value: unknown): unknown => (value === '' ? undefined : value);

/** Stands in certificates for years. */
const plainHttp = z
  .url({ protocol: /^http$/, error: 'Give an address that begins with http://; whoever verifies a certificate cannot fetch it over TLS.' })
  .refine((text) => !/[?#]/.test(text), 'Give an address that begins with http:// and has no query.');

const pkiUrlMissing =
  'the portal is on https; set it to the http:// address at which certificates and CRLs are fetched (docs/guides/operate.md)';

const schema = z
  .object({
    DATABASE_URL: z.url(),
    /** Redis for the queue; without it the queue lives in Postgres. */
    REDIS_URL: z.url().optional(),
    /** 32 octets in base64, or the file that holds them: opens every wrapped key, and is never stored in the database. */
    HOSTMASTER_KEK: keyEncryptionKey.optional(),
    HOSTMASTER_KEK_FILE: z.string().optional(),
    /** Where users reach the portal. */
    HOSTMASTER_PUBLIC_URL: z.url({ protocol: /^https?$/ }),
    /** What certificates point to: CA certificates and CRLs are below its /pki/. Without it, the portal's own address, where that is http. */
    HOSTMASTER_PKI_URL: z.preprocess(emptyIsAbsent, plainHttp.optional()),
    /** Where certificates are handed to the server that ends TLS; without it nothing is delivered from here. */
    HOSTMASTER_EDGE_DIRECTORY: z.string().optional(),
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
  .transform(({ HOSTMASTER_KEK, HOSTMASTER_KEK_FILE, HOSTMASTER_PKI_URL, ...rest }, issues) => {
    const kek = HOSTMASTER_KEK ?? (HOSTMASTER_KEK_FILE === undefined ? undefined : readKey(HOSTMASTER_KEK_FILE));
    if (kek === undefined)
      issues.addIssue({ code: 'custom', path: ['HOSTMASTER_KEK'], message: 'set it, or HOSTMASTER_KEK_FILE, to 32 octets in base64' });
    const pkiUrl = HOSTMASTER_PKI_URL ?? (rest.HOSTMASTER_PUBLIC_URL.startsWith('http:') ? rest.HOSTMASTER_PUBLIC_URL : undefined);
    if (pkiUrl === undefined) issues.addIssue({ code: 'custom', path: ['HOSTMASTER_PKI_URL'], message: pkiUrlMissing });
    return kek === undefined || pkiUrl === undefined ? z.NEVER : { ...rest, kek, pkiUrl };
  });

function readKey(path: string): Uint8Array | undefined {
  try {
    return keyEncryptionKey.parse(readFileSync(path, 'utf8').trim());
  } catch {
    return undefined;
  }
}

export type Env = z.output<typeof schema>;

/** The worker's environment. Throws one error that lists every bad variable. */
export function readEnv(variables: NodeJS.ProcessEnv): Env {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(`The worker cannot start; these variables are wrong or missing:\n${lines.join('\n')}`);
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
