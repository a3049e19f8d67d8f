// The client of Key Vault that Microsoft ships, over connections that are judged here (net/https.ts), and its errors as ours. It tries nothing again
// by itself: what waits says how long.
import { createHttpHeaders, type HttpClient, isRestError } from '@azure/core-rest-pipeline';
import { CertificateClient } from '@azure/keyvault-certificates';
import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { grantCommand, importingRights, orderingRights, policyCommand, vaultOf } from '@hostmaster/core/key-vault/setup';
import { clusterOperator, issuerOperator, theIssuer } from '@hostmaster/core/operation/moves-next';
import { asSentence } from '@hostmaster/core/sentence';
import { z } from 'zod';
import { rangesOf } from '../../issuers/reach.ts';
import { secondsOf } from '../../net/answer.ts';
import { type Exchange, httpsExchange } from '../../net/https.ts';
import { tellFault } from '../../probes/fault-words.ts';
import type { KeyVaultSettings } from './settings.ts';
import { signIn } from './sign-in.ts';

/** What a vault is spoken with for: how its faults are called then, whose they are, and what its application needs. */
export type VaultUse = {
  readonly refused: 'issuer-refused' | 'delivery-failed';
  readonly unavailable: 'issuer-unavailable' | 'delivery-failed';
  readonly runs: (name: string) => string;
  /** Rights to certificates, by the names that access policies have for them. */
  readonly rights: readonly string[];
};
export const importing: VaultUse = {
  ...{ refused: 'delivery-failed', unavailable: 'delivery-failed' },
  ...{ runs: clusterOperator, rights: importingRights },
};
export const ordering: VaultUse = {
  ...{ refused: 'issuer-refused', unavailable: 'issuer-unavailable' },
  ...{ runs: issuerOperator, rights: orderingRights },
};

export type Vault = {
  readonly name: string;
  readonly use: VaultUse;
  /** Its origin. */
  readonly origin: string;
  /** Whether it may be asked at all; every call asks that first. @returns the origin. Errors: as its use calls them. */
  requirePermitted(): string;
  /** Errors: as its use calls them; what the vault itself said stands behind them (`refusalOf`). */
  call<T>(
    what: string,
    ask: (client: CertificateClient, options: { readonly abortSignal: AbortSignal }) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
};

/** Of the API that this was written against. */
export const apiVersion = '7.4';
const mostBytes = 1024 * 1024;
const timeoutMilliseconds = 20_000;
const busySeconds = 10;

/** Status and what the vault said; null where it is another error. */
export const refusalOf = (error: unknown): { readonly status: number; readonly message: string } | null =>
  error instanceof HostmasterError && isRestError(error.cause) && error.cause.statusCode !== undefined
    ? { status: error.cause.statusCode, message: error.cause.message }
    : null;

/** Null where the vault has none. */
export async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (refusalOf(error)?.status === 404) return null;
    throw error;
  }
}

const clientOver = (exchange: Exchange): HttpClient => ({
  async sendRequest(request) {
    const method = z.enum(['GET', 'POST', 'PATCH', 'DELETE']).parse(request.method);
    const headers = { ...request.headers.toJSON({ preserveCase: false }) };
    // Nothing is unpacked here.
    delete headers['accept-encoding'];
    const signal = request.abortSignal instanceof AbortSignal ? request.abortSignal : new AbortController().signal;
    const body = typeof request.body === 'string' ? { body: request.body } : {};
    const answer = await exchange({ method, url: request.url, headers, ...body, mostBytes, timeoutMilliseconds }, signal);
    const named = ['content-type', 'www-authenticate', 'retry-after', 'x-ms-request-id'].flatMap((name) => {
      const value = answer.header(name);
      return value === null ? [] : [[name, value] as const];
    });
    return {
      request,
      status: answer.status,
      headers: createHttpHeaders(Object.fromEntries(named)),
      bodyAsText: Buffer.from(answer.body).toString('utf8'),
    };
  },
});

type Place = { readonly slug: string; readonly settings: KeyVaultSettings; readonly secret: Uint8Array };
type Opening = {
  readonly clock: Clock;
  readonly use: VaultUse;
  /** Asked before anything is; throws where nothing may be. */
  readonly permit?: () => void;
};

export function openVault({ slug: name, settings, secret }: Place, { clock, use, permit = () => {} }: Opening): Vault {
  const { address, trust, addresses } = settings;
  const exchange = httpsExchange({ trust, allowedRanges: rangesOf(addresses) });
  const { origin } = new URL(address);
  const credential = {
    getToken: (scopes: string | string[], options?: { readonly abortSignal?: unknown }) => {
      const signal = options?.abortSignal instanceof AbortSignal ? options.abortSignal : AbortSignal.timeout(timeoutMilliseconds);
      return signIn({ name, settings, secret, use }, [scopes].flat(), exchange, () => clock.now(), signal);
    },
  };
  const client = new CertificateClient(origin, credential, {
    serviceVersion: apiVersion,
    httpClient: clientOver(exchange),
    retryOptions: { maxRetries: 0 },
    // The resource of the challenge is held against the address where a token is asked for (sign-in.ts), to the letter.
    disableChallengeResourceVerification: true,
  });
  const permitted = (): string => {
    permit();
    return origin;
  };
  return {
    name,
    use,
    origin,
    requirePermitted: permitted,
    async call(what, ask, signal) {
      permitted();
      signal.throwIfAborted();
      try {
        return await ask(client, { abortSignal: signal });
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (error instanceof HostmasterError) throw error;
        throw errorOf({ name, settings, use }, what, clock.now(), error);
      }
    },
  };
}

type Asked = Pick<Place, 'settings'> & { readonly name: string; readonly use: VaultUse };

function errorOf({ name, settings, use }: Asked, what: string, now: Date, cause: unknown): HostmasterError {
  const movesNext = use.runs(name);
  const away = (message: string, retryAfter?: number, mover = movesNext) =>
    new HostmasterError(use.unavailable, message, { cause, movesNext: mover, ...(retryAfter === undefined ? {} : { retryAfter }) });
  if (!isRestError(cause) || cause.statusCode === undefined || cause.response === undefined)
    return away(
      `${name} does not answer as a vault does: ${asSentence(tellFault(causeOf(cause)).words)}${goneWords(settings, causeOf(cause))}`,
    );
  const { statusCode: status, response } = cause;
  // Without a code of the vault's, the library has made the message up.
  const inner = innerCodeOf(cause.details);
  const code = cause.code === undefined ? 'without a word' : [cause.code, ...(inner === null ? [] : [inner])].map(foreignWords).join(', ');
  const said = cause.code === undefined ? '' : ` ${asSentence(foreignWords(cause.message))}`;
  const retryAfter = secondsOf(response.headers.get('retry-after') ?? null, now) ?? undefined;
  if (status === 429)
    return away(
      `${name} has too much to do at the moment (${code}).${said}`,
      retryAfter ?? busySeconds,
      use.refused === 'issuer-refused' ? theIssuer : movesNext,
    );
  if (status === 401)
    return away(`${name} does not take the token (${code}).${said} Compare “Tenant”: the vault trusts one directory alone.`);
  if (status === 403) return away(`${name} does not let Hostmaster ${what} (${code}).${said} ${forbiddenRemedy(inner, { settings, use })}`);
  const message = `${name} did not ${what}, it answers ${status} (${code}).${said}`;
  if (status >= 500 || status === 408 || status === 409) return away(message, retryAfter);
  // A refusal of what was ordered ends an order; of a delivery it is looked at by whoever runs the vault.
  return new HostmasterError(use.refused, message, { cause, ...(use.refused === 'issuer-refused' ? {} : { movesNext }) });
}

/** Which of its guards said no (https://learn.microsoft.com/azure/key-vault/general/rest-error-codes); null where it does not say. */
function innerCodeOf(details: unknown): string | null {
  const told = z.object({ error: z.object({ innerError: z.object({ code: z.string() }) }) });
  return told.safeParse(details).data?.error.innerError.code ?? null;
}

function forbiddenRemedy(inner: string | null, { settings: { address, client }, use }: Omit<Asked, 'name'>): string {
  const vault = vaultOf(address);
  if (inner === 'ForbiddenByRbac')
    return `Have whoever runs the vault run, with the application's id as APPLICATION: ${grantCommand(vault)}`;
  if (inner === 'ForbiddenByPolicy') return `Have whoever runs the vault run: ${policyCommand(vault, client, use.rights)}`;
  if (inner === 'ForbiddenByFirewall' || inner === 'ForbiddenByConnection')
    return "Have whoever runs the vault let the worker's address through its firewall, or connect the worker's network by a private endpoint.";
  return "Give its application the right, and where the vault has a firewall, let the worker's address through.";
}

/** A vault that is deleted keeps its name to itself, and has none in DNS. */
const goneWords = ({ address }: KeyVaultSettings, cause: unknown): string =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND'
    ? ` A vault that was deleted has no address any more: az keyvault list-deleted shows it, and az keyvault recover --name ${vaultOf(address)} brings it back.`
    : '';

/** The socket's own error stands behind the one that the library makes of it. */
const causeOf = (error: unknown): unknown => (error instanceof Error && error.cause !== undefined ? error.cause : error);
