// The API of Kubernetes as a client speaks with it: one bounded call, its answer as JSON, and what it refuses said with its remedy.
import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { clusterOperator, platformAdmin } from '@hostmaster/core/operation/moves-next';
import { z } from 'zod';
import { boundedWait, jsonOf, secondsOf } from '../../net/answer.ts';
import type { Exchange, HttpsAnswer } from '../../net/https.ts';
import { tellFault } from '../../probes/fault-words.ts';
import { requirePermitted } from '../permitted.ts';

export type KubernetesCall = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: object;
};

/** What it refused (`Status` of its API). */
export type Refusal = {
  readonly status: number;
  readonly words: string;
  /** What stands in the way of an apply: who owns which field. */
  readonly conflicts: readonly string[];
  readonly retryAfter: number | null;
};
export type KubernetesAnswer = { readonly ok: true; readonly json: unknown } | ({ readonly ok: false } & Refusal);

export type KubernetesServer = {
  /**
   * Whether the host of the worker lets private keys go to its address; every call asks first, so that not even the token is sent to another
   * one. @returns its origin. Errors: delivery-failed.
   */
  requirePermitted(): string;
  /** Errors: delivery-failed where nothing answers, or what answers is no API of Kubernetes. */
  call(call: KubernetesCall, signal: AbortSignal): Promise<KubernetesAnswer>;
  /** Errors: delivery-failed where it is nothing of the kind. */
  read<S extends z.ZodType>(schema: S, json: unknown, what: string): z.output<S>;
  /** @param namespace that it is about */
  refusal(refusal: Refusal, namespace: string): HostmasterError;
};

/** Larger than any Secret, which has at most 1 MiB, with its data in base64. */
const mostBytes = 4 * 1024 * 1024;
const timeoutMilliseconds = 15_000;
const userAgent = 'Hostmaster/0.1';

const statusObject = z.object({
  kind: z.literal('Status'),
  message: z.string().catch(''),
  details: z
    .object({
      retryAfterSeconds: z.number().int().positive().transform(boundedWait).optional().catch(undefined),
      causes: z.array(z.object({ reason: z.string().catch(''), message: z.string().catch(''), field: z.string().catch('') })).catch([]),
    })
    .partial()
    .catch({}),
});

type Where = {
  /** The destination's, for messages. */
  readonly name: string;
  readonly address: string;
  readonly token: string;
  /** Where private keys may go, as the host of the worker says. */
  readonly keyDestinations: readonly string[];
};

export function kubernetesServer({ name, address, token, keyDestinations }: Where, exchange: Exchange, clock: Clock): KubernetesServer {
  const base = address.replace(/\/+$/, '');
  const operator = clusterOperator(name);
  const failed = (message: string, movesNext: string, more: { cause?: unknown; retryAfter?: number | null } = {}): HostmasterError => {
    const { cause, retryAfter = null } = more;
    return new HostmasterError('delivery-failed', message, { cause, movesNext, ...(retryAfter === null ? {} : { retryAfter }) });
  };
  const unusable = (why: string, cause?: unknown): HostmasterError =>
    failed(
      `${name} does not answer as the API of Kubernetes does: ${why}. Look at the address of the destination, and at its API server.`,
      operator,
      { cause },
    );

  const permitted = (): string => requirePermitted({ name, address, keyDestinations });

  async function ask({ method, path, accept, contentType, body }: KubernetesCall, signal: AbortSignal): Promise<HttpsAnswer> {
    permitted();
    const headers = {
      'user-agent': userAgent,
      accept: accept ?? 'application/json',
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
    };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    try {
      return await exchange({ method, url: `${base}${path}`, headers, ...sent, mostBytes, timeoutMilliseconds }, signal);
    } catch (error) {
      if (error instanceof HostmasterError) throw error;
      throw unusable(tellFault(error).words, error);
    }
  }

  return {
    requirePermitted: permitted,

    async call(call, signal) {
      const answer = await ask(call, signal);
      const { status, body } = answer;
      const json = jsonOf(body);
      if (status >= 300 && status < 400) throw unusable(`it answers ${status}, and leads to another address`);
      if (status >= 200 && status < 300) {
        if (json === undefined) throw unusable('what it answers is no JSON');
        return { ok: true, json };
      }
      const said = statusObject.safeParse(json);
      if (!said.success) throw unusable(`it answers ${status} without saying why`);
      const { message, details } = said.data;
      const unseen = (text: string): string => foreignWords(text.replaceAll(token, '…'));
      return {
        ok: false,
        status,
        words: unseen(message),
        conflicts: (details.causes ?? [])
          .filter(({ reason }) => reason === 'FieldManagerConflict')
          .map((each) => unseen(`${each.message} (${each.field})`)),
        retryAfter: secondsOf(answer.header('retry-after'), clock.now()) ?? details.retryAfterSeconds ?? null,
      };
    },

    read(schema, json, what) {
      const parsed = schema.safeParse(json);
      if (parsed.success) return parsed.data;
      throw unusable(`what it answers is no ${what}`, parsed.error);
    },

    refusal({ status, words, conflicts, retryAfter }, namespace) {
      const said = words === '' ? '' : ` It said: “${words}”.`;
      if (status === 401)
        return failed(
          `${name} does not take the token: it has expired, or its service account is gone. Give the destination another token.${said}`,
          platformAdmin,
        );
      if (status === 403)
        return failed(
          `${name} does not let its service account do that in the namespace ${namespace}. Bind the role of the guide to it there.${said}`,
          operator,
        );
      if (status === 404)
        return failed(
          `There is no namespace ${namespace} in ${name}. Make it, or name another one in the contract (routing.backend.namespace).${said}`,
          operator,
        );
      if (conflicts.length > 0)
        return failed(
          `Somebody else has written into the Secret in ${namespace}: ${conflicts.join(', ')}. Delete the Secret, and it is made again, or have them leave it.`,
          operator,
        );
      if (status === 429) return failed(`${name} has too much to do at the moment.${said}`, operator, { retryAfter });
      return failed(`${name} answers ${status}. Look at its API server.${said}`, operator, { retryAfter });
    },
  };
}
