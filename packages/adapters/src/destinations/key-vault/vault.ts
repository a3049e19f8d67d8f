// The client of Key Vault that Microsoft ships, over connections that are judged here (net/https.ts), and its errors as ours. It tries nothing again
// by itself: what waits says how long.
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { CertificateClient } from '@azure/keyvault-certificates';
import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { z } from 'zod';
import { rangesOf } from '../../issuers/reach.ts';
import { type Exchange, httpsExchange } from '../../net/https.ts';
import type { KeyVaultSettings } from './settings.ts';
import { signIn } from './sign-in.ts';
import { errorOf, type VaultUse } from './vault-error.ts';

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
        // Whoever connected it mends that, and what is ordered or brought waits for them.
        if (error instanceof HostmasterError && error.code === 'address-forbidden')
          throw new HostmasterError(use.unavailable, error.message, { cause: error, movesNext: use.runs(name) });
        if (error instanceof HostmasterError) throw error;
        throw errorOf({ name, settings, use }, what, clock.now(), error);
      }
    },
  };
}
