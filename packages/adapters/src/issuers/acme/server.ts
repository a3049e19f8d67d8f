// An ACME server as a client speaks with it (RFC 8555 §6): signed requests, a nonce in each, and its problems as our errors.

import type { KeyObject } from 'node:crypto';
import { acmeErrorOf, acmeProblem, errorOfProblem } from '@hostmaster/core/acme/problem';
import { type AcmeDirectory, acmeDirectory } from '@hostmaster/core/acme/resource';
import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { issuerOperator } from '@hostmaster/core/operation/moves-next';
import { asSentence } from '@hostmaster/core/sentence';
import { FlattenedSign, type JWSHeaderParameters } from 'jose';
import type { z } from 'zod';
import { jsonOf, secondsOf } from '../../net/answer.ts';
import type { Exchange, HttpsAnswer } from '../../net/https.ts';
import { tellFault } from '../../probes/fault-words.ts';

export type AcmeAnswer = {
  readonly status: number;
  readonly location: string | null;
  /** In seconds. */
  readonly retryAfter: number | null;
  readonly body: Uint8Array;
};

export type AcmeServer = {
  directory(signal: AbortSignal): Promise<AcmeDirectory>;
  /** Asks for a nonce (§7.2), which the next request takes. Errors: issuer-unavailable. */
  fetchNonce(signal: AbortSignal): Promise<void>;
  /**
   * A signed request; without a payload it reads (POST-as-GET, §6.3). @param taken which refusals are answers, too.
   * Errors: issuer-refused, issuer-unavailable.
   */
  post(url: string, signer: AcmeSigner, payload: object | null, signal: AbortSignal, taken?: Taken): Promise<AcmeAnswer>;
  /** What stands at an address for everybody. Errors: issuer-unavailable. */
  get(url: string, signal: AbortSignal): Promise<AcmeAnswer>;
  /** Errors: issuer-unavailable where it is nothing of the kind. */
  read<S extends z.ZodType>(schema: S, answer: Pick<AcmeAnswer, 'body'>, what: string): z.output<S>;
};

/** By HTTP status and error of ACME; empty where the server names none. */
export type Taken = (status: number, error: string) => boolean;

/** An account's key, and how the server finds whose it is: by the account's address, or by the key itself where there is none yet (§6.2). */
export type AcmeSigner = { readonly key: KeyObject; readonly identity: Pick<JWSHeaderParameters, 'kid' | 'jwk'> };

const mostBytes = 1024 * 1024;
const timeoutMilliseconds = 20_000;
const mostNonces = 16;
/** A server refuses a nonce now and then on purpose, so that clients learn it. */
const mostTries = 10;
const directoryMilliseconds = 3600_000;
const userAgent = 'Hostmaster/0.1 (+https://datatracker.ietf.org/doc/html/rfc8555)';

export function acmeServer(
  { name, directoryUrl }: { readonly name: string; readonly directoryUrl: string },
  exchange: Exchange,
  clock: Clock,
): AcmeServer {
  const nonces: string[] = [];
  let known: { readonly directory: AcmeDirectory; readonly until: number } | undefined;

  const unavailable = (why: string, cause?: unknown, retryAfter: number | null = null): HostmasterError =>
    new HostmasterError('issuer-unavailable', asSentence(`${name} does not answer as an ACME server: ${why}`), {
      cause,
      movesNext: issuerOperator(name),
      ...(retryAfter === null ? {} : { retryAfter }),
    });

  async function ask(method: 'GET' | 'HEAD' | 'POST', url: string, body: string | undefined, signal: AbortSignal): Promise<HttpsAnswer> {
    const headers = { 'user-agent': userAgent, ...(body === undefined ? {} : { 'content-type': 'application/jose+json' }) };
    try {
      const answer = await exchange(
        { method, url, headers, ...(body === undefined ? {} : { body }), mostBytes, timeoutMilliseconds },
        signal,
      );
      const nonce = answer.header('replay-nonce');
      if (nonce !== null && /^[A-Za-z0-9_-]{1,256}$/.test(nonce) && nonces.length < mostNonces) nonces.push(nonce);
      return answer;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw unavailable(tellFault(error).words, error);
    }
  }

  function read<S extends z.ZodType>(schema: S, { body }: Pick<AcmeAnswer, 'body'>, what: string): z.output<S> {
    const parsed = schema.safeParse(jsonOf(body));
    if (parsed.success) return parsed.data;
    throw unavailable(`what it answers is no ${what}`, parsed.error);
  }

  /** @param url what was asked: a location may be relative to it (RFC 9110 §10.2.2) */
  function answerOf(url: string, answer: HttpsAnswer): AcmeAnswer {
    const retryAfter = secondsOf(answer.header('retry-after'), clock.now());
    const { status, body } = answer;
    if (status >= 200 && status < 300) return { status, location: locationOf(url, answer.header('location')), retryAfter, body };
    if (status >= 300 && status < 400) throw unavailable(`it answers ${status}, and leads to another address`);
    const problem = acmeProblem.safeParse(jsonOf(body));
    if (!problem.success) throw unavailable(`it answers ${status} without saying why`, undefined, retryAfter);
    throw errorOfProblem(name, status, problem.data, retryAfter);
  }

  async function directory(signal: AbortSignal): Promise<AcmeDirectory> {
    const now = clock.now().getTime();
    if (known !== undefined && now < known.until) return known.directory;
    const fresh = read(
      acmeDirectory,
      answerOf(directoryUrl, await ask('GET', directoryUrl, undefined, signal)),
      'directory of ACME (RFC 8555 §7.1.1)',
    );
    known = { directory: fresh, until: now + directoryMilliseconds };
    return fresh;
  }

  async function nonce(signal: AbortSignal): Promise<string> {
    const kept = nonces.pop();
    if (kept !== undefined) return kept;
    await fetchNonce(signal);
    return nonces.pop() ?? nonce(signal);
  }

  async function fetchNonce(signal: AbortSignal): Promise<void> {
    const { newNonce } = await directory(signal);
    const before = nonces.length;
    answerOf(newNonce, await ask('HEAD', newNonce, undefined, signal));
    if (nonces.length === before) throw unavailable('it gives no nonce');
  }

  return {
    directory,
    fetchNonce,
    read,
    get: async (url, signal) => answerOf(url, await ask('GET', url, undefined, signal)),

    async post(url, { key, identity }, payload, signal, taken = () => false) {
      const octets = payload === null ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(payload));
      for (let tries = 1; ; tries += 1) {
        const header = { alg: 'ES256', url, nonce: await nonce(signal), ...identity };
        const body = JSON.stringify(await new FlattenedSign(octets).setProtectedHeader(header).sign(key));
        const answer = await ask('POST', url, body, signal);
        const error = answer.status < 400 ? null : errorIn(answer);
        if (error !== null && taken(answer.status, error))
          return { status: answer.status, location: null, retryAfter: null, body: answer.body };
        if (error !== 'badNonce') return answerOf(url, answer);
        if (tries >= mostTries) throw unavailable(`it refused ${mostTries} nonces that it had given`);
      }
    },
  };
}

/** Null where it says none, or one that is no address of https. */
function locationOf(url: string, header: string | null): string | null {
  if (header === null || !URL.canParse(header, url)) return null;
  const { href, protocol } = new URL(header, url);
  return protocol === 'https:' ? href : null;
}

/** Empty where it does not say: a status alone tells something, too. */
function errorIn({ body }: HttpsAnswer): string {
  const problem = acmeProblem.safeParse(jsonOf(body));
  return problem.success ? acmeErrorOf(problem.data) : '';
}
