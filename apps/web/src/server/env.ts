// The only place of web that reads the environment. Everything wrong with it is said at once, at the start.
import { z } from 'zod';

const origin = z
  .url({ protocol: /^https?$/ })
  .refine((text) => new URL(text).pathname === '/' && !/[?#]/.test(text), 'Give an origin, without a path.')
  .transform((text) => new URL(text).origin);

const emptyIsAbsent = (value: unknown): unknown => (value === '' ? undefined : value);

const listenAddress = z
  .string()
  .regex(/^\S+:\d{1,5}$/, 'Give an address and a port, for example 127.0.0.1:3080.')
  .transform((text) => ({ address: text.slice(0, text.lastIndexOf(':')), port: Number(text.slice(text.lastIndexOf(':') + 1)) }))
  .refine(({ port }) => port <= 65_535, 'A port is at most 65535.');

const schema = z
  .object({
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    DATABASE_CONNECTIONS: z.coerce.number().int().min(1).max(200).default(10),
    /** Where users reach the portal; decides on cookie flags, HSTS and which origin may send changes. */
    PUBLIC_URL: origin,
    /** `address:port` where certificates, CRLs and OCSP are answered in plain http, and nothing else; for a portal on https. */
    PKI_LISTEN: z.preprocess(emptyIsAbsent, listenAddress.optional()),
    /** Encrypts the session cookie. */
    AUTH_SECRET: z.string().min(32, 'Give at least 32 characters, for example from `openssl rand -base64 32`.'),
    OIDC_ISSUER: z.preprocess(emptyIsAbsent, z.url({ protocol: /^https?$/ }).optional()),
    OIDC_CLIENT_ID: z.preprocess(emptyIsAbsent, z.string().optional()),
    OIDC_CLIENT_SECRET: z.preprocess(emptyIsAbsent, z.string().optional()),
    /** How the sign-in page names the provider. */
    OIDC_NAME: z.preprocess(emptyIsAbsent, z.string().max(60).default('Single sign-on')),
    /** Reverse proxies in front that append to X-Forwarded-For; the client is the address before theirs. */
    TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(5).default(0),
    /** What one token may ask for in a minute. */
    API_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(600),
    /** What one person may, in all their sessions: far more than clicking and typing do, far less than a script would. */
    SESSION_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(3000),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  })
  .superRefine((env, context) => {
    if (env.OIDC_ISSUER === undefined) return;
    for (const key of ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const)
      if (env[key] === undefined) context.addIssue({ code: 'custom', path: [key], message: 'Needed beside OIDC_ISSUER.' });
  });

export type Env = {
  readonly databaseUrl: string;
  readonly databaseConnections: number;
  readonly publicUrl: string;
  /** Null: they are answered by the portal alone. */
  readonly pkiListen: { readonly address: string; readonly port: number } | null;
  readonly authSecret: string;
  readonly oidc: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string; readonly name: string } | null;
  readonly trustedProxyHops: number;
  readonly requestsPerMinute: { readonly person: number; readonly service: number };
  readonly logLevel: string;
};

/** Errors: one Error whose message has a line for every bad key. */
export function readEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment of web is not valid:\n${lines.join('\n')}`);
  }
  const env = parsed.data;
  return {
    databaseUrl: env.DATABASE_URL,
    databaseConnections: env.DATABASE_CONNECTIONS,
    publicUrl: env.PUBLIC_URL,
    pkiListen: env.PKI_LISTEN ?? null,
    authSecret: env.AUTH_SECRET,
    oidc:
      env.OIDC_ISSUER === undefined
        ? null
        : {
            issuer: env.OIDC_ISSUER,
            clientId: env.OIDC_CLIENT_ID ?? '',
            clientSecret: env.OIDC_CLIENT_SECRET ?? '',
            name: env.OIDC_NAME,
          },
    trustedProxyHops: env.TRUSTED_PROXY_HOPS,
    requestsPerMinute: { person: env.SESSION_REQUESTS_PER_MINUTE, service: env.API_REQUESTS_PER_MINUTE },
    logLevel: env.LOG_LEVEL,
  };
}

let read: Env | undefined;

/** The environment of this process, read once. */
export function env(): Env {
  if (read === undefined) {
    read = readEnv(process.env);
    // next-auth takes its own address from here and nowhere else.
    process.env.NEXTAUTH_URL = read.publicUrl;
  }
  return read;
}
