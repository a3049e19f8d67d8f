// The client of Key Vault that Microsoft ships, over connections that are judged here (net/https.ts), and its errors as ours. It tries nothing again
// by itself: what waits says how long.
import { createHttpHeaders, type HttpClient, isRestError } from '@azure/core-rest-pipeline';
import { CertificateClient } from '@azure/keyvault-certificates';
import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { clusterOperator } from '@hostmaster/core/operation/moves-next';
import type { DestinationConnection } from '@hostmaster/core/pki/destination';
import { asSentence } from '@hostmaster/core/sentence';
import { z } from 'zod';
import { rangesOf } from '../../issuers/reach.ts';
import { secondsOf } from '../../net/answer.ts';
import { type Exchange, httpsExchange } from '../../net/https.ts';
import { tellFault } from '../../probes/fault-words.ts';
import { requirePermitted } from '../permitted.ts';
import type { KeyVaultSettings } from './settings.ts';
import { signIn } from './sign-in.ts';

export type Vault = {
  readonly name: string;
  /** Its origin. */
  readonly origin: string;
  /** Whether the host of the worker lets private keys go there; every call asks first. @returns the origin. Errors: delivery-failed. */
  requirePermitted(): string;
  /** Errors: delivery-failed; what the vault itself said stands behind it (`refusalOf`). */
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

export function openVault(
  { slug: name, settings, secret }: DestinationConnection<KeyVaultSettings>,
  { clock, keyDestinations }: { readonly clock: Clock; readonly keyDestinations: readonly string[] },
): Vault {
  const { address, trust, addresses } = settings;
  const exchange = httpsExchange({ trust, allowedRanges: rangesOf(addresses) });
  const { origin } = new URL(address);
  const credential = {
    getToken: (scopes: string | string[], options?: { readonly abortSignal?: unknown }) => {
      const signal = options?.abortSignal instanceof AbortSignal ? options.abortSignal : AbortSignal.timeout(timeoutMilliseconds);
      return signIn({ name, settings, secret }, [scopes].flat(), exchange, () => clock.now(), signal);
    },
  };
  const client = new CertificateClient(origin, credential, {
    serviceVersion: apiVersion,
    httpClient: clientOver(exchange),
    retryOptions: { maxRetries: 0 },
    // The resource of the challenge is held against the address where a token is asked for (sign-in.ts), to the letter.
    disableChallengeResourceVerification: true,
  });
  const permitted = (): string => requirePermitted({ name, address, keyDestinations });
  return {
    name,
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
        throw errorOf(name, what, clock.now(), error);
      }
    },
  };
}

function errorOf(name: string, what: string, now: Date, cause: unknown): HostmasterError {
  const failed = (message: string, retryAfter?: number) =>
    new HostmasterError('delivery-failed', message, {
      ...{ cause, movesNext: clusterOperator(name) },
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  if (!isRestError(cause) || cause.statusCode === undefined || cause.response === undefined)
    return failed(`${name} does not answer as a vault does: ${asSentence(tellFault(causeOf(cause)).words)}`);
  const { statusCode: status, response } = cause;
  // Without a code of the vault's, the library has made the message up.
  const code = cause.code === undefined ? 'without a word' : foreignWords(cause.code);
  const said = cause.code === undefined ? '' : ` ${asSentence(foreignWords(cause.message))}`;
  const retryAfter = secondsOf(response.headers.get('retry-after') ?? null, now);
  if (status === 429) return failed(`${name} has too much to do at the moment (${code}).${said}`, retryAfter ?? busySeconds);
  if (status === 401)
    return failed(`${name} does not take the token (${code}).${said} Compare “Tenant”: the vault trusts one directory alone.`);
  if (status === 403)
    return failed(
      `${name} does not let Hostmaster ${what} (${code}).${said} Give its application the right, and where the vault has a firewall, let the worker's address through.`,
    );
  return failed(`${name} did not ${what}, it answers ${status} (${code}).${said}`, retryAfter ?? undefined);
}

/** The socket's own error stands behind the one that the library makes of it. */
const causeOf = (error: unknown): unknown => (error instanceof Error && error.cause !== undefined ? error.cause : error);
