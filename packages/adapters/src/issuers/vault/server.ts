// Vault's HTTP API as a client speaks with it: one bounded call, its answer as JSON, and what is no Vault said to be none.
import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { issuerOperator } from '@hostmaster/core/operation/moves-next';
import { vaultErrors } from '@hostmaster/core/vault/answer';
import type { VaultRefusal } from '@hostmaster/core/vault/problem';
import type { z } from 'zod';
import { jsonOf, secondsOf } from '../../net/answer.ts';
import type { Exchange, HttpsAnswer } from '../../net/https.ts';
import { tellFault } from '../../probes/fault-words.ts';

export type VaultCall = {
  readonly method: 'GET' | 'POST';
  /** Below /v1/, with its query. */
  readonly path: string;
  readonly token: string | null;
  readonly body?: object;
  /** An answer beyond that is refused; 1 MiB where it is left out. */
  readonly mostBytes?: number;
};

/** What Vault itself said; a refusal carries its errors, and is for the caller to judge. */
export type VaultAnswer =
  | { readonly ok: true; readonly json: unknown; readonly retryAfter: number | null }
  | ({ readonly ok: false } & VaultRefusal);

export type VaultServer = {
  readonly name: string;
  /** Errors: issuer-unavailable where nothing answers, or what answers is no Vault; what became of the call is not known then. */
  call(call: VaultCall, signal: AbortSignal): Promise<VaultAnswer>;
  /** Errors: issuer-unavailable where it is nothing of the kind. */
  read<S extends z.ZodType>(schema: S, json: unknown, what: string): z.output<S>;
  /** @param why a part of a sentence. What is thrown where an answer makes no sense */
  unusable(why: string, cause?: unknown): HostmasterError;
};

export type VaultAddress = { readonly name: string; readonly address: string; readonly namespace: string };

const mostBytes = 1024 * 1024;
const timeoutMilliseconds = 20_000;
const userAgent = 'Hostmaster/0.1';

/** @param secrets what must not be seen where Vault repeats it in its words */
export function vaultServer(
  { name, address, namespace }: VaultAddress,
  exchange: Exchange,
  clock: Clock,
  secrets: readonly string[],
): VaultServer {
  const base = address.replace(/\/+$/, '');
  const unusable = (why: string, cause?: unknown, retryAfter: number | null = null): HostmasterError =>
    new HostmasterError('issuer-unavailable', `${name} does not answer as Vault does: ${why}.`, {
      cause,
      movesNext: issuerOperator(name),
      ...(retryAfter === null ? {} : { retryAfter }),
    });

  async function ask({ method, path, token, body, mostBytes: most = mostBytes }: VaultCall, signal: AbortSignal): Promise<HttpsAnswer> {
    const headers = {
      'user-agent': userAgent,
      'x-vault-request': 'true',
      ...(token === null ? {} : { 'x-vault-token': token }),
      ...(namespace === '' ? {} : { 'x-vault-namespace': namespace }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    try {
      return await exchange({ method, url: `${base}/v1/${path}`, headers, ...sent, mostBytes: most, timeoutMilliseconds }, signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw unusable(tellFault(error).words, error);
    }
  }

  /** Vault repeats a secret id that it does not know. */
  const unseen = (text: string, token: string | null): string =>
    [...secrets, token ?? ''].filter((secret) => secret.length > 0).reduce((left, secret) => left.replaceAll(secret, '…'), text);

  return {
    name,
    unusable,

    async call(call, signal) {
      const answer = await ask(call, signal);
      const retryAfter = secondsOf(answer.header('retry-after'), clock.now());
      const { status, body } = answer;
      if (status >= 300 && status < 400)
        throw unusable(`it answers ${status}, and leads to another address: give that of the active node, or of a load balancer before it`);
      // Some calls have nothing to answer.
      const json = body.length === 0 && status === 204 ? {} : jsonOf(body);
      if (status >= 200 && status < 300) {
        if (json === undefined) throw unusable('what it answers is no JSON');
        return { ok: true, json, retryAfter };
      }
      const said = vaultErrors.safeParse(json);
      if (!said.success) throw unusable(`it answers ${status} without saying why`, undefined, retryAfter);
      return { ok: false, status, errors: said.data.errors.map((text) => unseen(text, call.token)), retryAfter };
    },

    read(schema, json, what) {
      const parsed = schema.safeParse(json);
      if (parsed.success) return parsed.data;
      throw unusable(`what it answers is no ${what}`, parsed.error);
    },
  };
}
