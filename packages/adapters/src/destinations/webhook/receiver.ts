// A receiver of webhooks as certificates are handed to it: each message posted as JSON and signed as Standard Webhooks 1.0 says
// (webhook-id, webhook-timestamp, webhook-signature), so that libraries of its own verify it. One bounded call, no redirect.
import { createHmac, randomUUID } from 'node:crypto';
import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { clusterOperator, platformAdmin } from '@hostmaster/core/operation/moves-next';
import { asSentence } from '@hostmaster/core/sentence';
import { z } from 'zod';
import { jsonOf, secondsOf } from '../../net/answer.ts';
import type { Exchange, HttpsAnswer } from '../../net/https.ts';
import { tellFault } from '../../probes/fault-words.ts';
import { requirePermitted } from '../permitted.ts';

/** What is asked of a receiver; `data` beside it holds what it is about. */
export const messageTypes = ['certificate.deliver', 'certificate.withdraw', 'certificate.held', 'ping'] as const;
export type Message = { readonly type: (typeof messageTypes)[number]; readonly data: Readonly<Record<string, string>> };

export type WebhookReceiver = {
  /** Whether the host of the worker lets private keys go to its address; every message asks first. @returns its origin. Errors: delivery-failed. */
  requirePermitted(): string;
  /** Posts a message and reads what is answered as JSON; undefined where that is none. Errors: delivery-failed. */
  send(message: Message, signal: AbortSignal): Promise<unknown>;
  /** The status that a message is answered with whose signature is another's. Errors: delivery-failed where nothing answers. */
  statusForForged(signal: AbortSignal): Promise<number>;
};

const mostBytes = 64 * 1024;
const timeoutMilliseconds = 15_000;
const userAgent = 'Hostmaster/0.1';
/** What a receiver may say of its refusal, as APIs usually have it. */
const said = z.object({ message: z.string() }).or(z.object({ error: z.string() }).transform(({ error }) => ({ message: error })));

/** RFC 2104, over id, time and body (Standard Webhooks, § Signature scheme). */
export const signatureOf = (secret: Uint8Array, id: string, seconds: number, body: string): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')}`;

type Where = {
  /** The destination's, for messages. */
  readonly name: string;
  readonly address: string;
  readonly secret: Uint8Array;
  readonly keyDestinations: readonly string[];
};

export function webhookReceiver({ name, address, secret, keyDestinations }: Where, exchange: Exchange, clock: Clock): WebhookReceiver {
  const operator = clusterOperator(name);
  const failed = (message: string, movesNext: string, more: { cause?: unknown; retryAfter?: number | null } = {}): HostmasterError => {
    const { cause, retryAfter = null } = more;
    return new HostmasterError('delivery-failed', message, { cause, movesNext, ...(retryAfter === null ? {} : { retryAfter }) });
  };

  const permitted = (): string => requirePermitted({ name, address, keyDestinations });

  async function post(message: Message, key: Uint8Array, signal: AbortSignal): Promise<HttpsAnswer> {
    permitted();
    const now = clock.now();
    const body = JSON.stringify({ type: message.type, timestamp: now.toISOString(), data: message.data });
    const id = `msg_${randomUUID()}`;
    const seconds = Math.floor(now.getTime() / 1000);
    const headers = {
      'user-agent': userAgent,
      accept: 'application/json',
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': signatureOf(key, id, seconds, body),
    };
    try {
      return await exchange({ method: 'POST', url: address, headers, body, mostBytes, timeoutMilliseconds }, signal);
    } catch (error) {
      if (error instanceof HostmasterError) throw error;
      throw failed(
        `${name} does not answer: ${asSentence(tellFault(error).words)} Look at the address of the destination, and at the receiver.`,
        operator,
        {
          cause: error,
        },
      );
    }
  }

  function refusal({ status, body, header }: HttpsAnswer): HostmasterError {
    const words = said.safeParse(jsonOf(body)).data?.message;
    const more = words === undefined ? '' : ` It said: “${foreignWords(words)}”.`;
    if (status === 401 || status === 403)
      return failed(
        `${name} does not take the signature (${status}). Give the destination and the receiver the same secret.${more}`,
        platformAdmin,
      );
    if (status >= 300 && status < 400)
      return failed(
        `${name} answers ${status}, and leads to another address. Give that one as the address of the destination.`,
        platformAdmin,
      );
    const retryAfter = secondsOf(header('retry-after'), clock.now());
    if (status === 429) return failed(`${name} has too much to do at the moment.${more}`, operator, { retryAfter });
    return failed(`${name} answers ${status}. Look at the receiver.${more}`, operator, { retryAfter });
  }

  return {
    requirePermitted: permitted,

    async send(message, signal) {
      const answer = await post(message, secret, signal);
      if (answer.status < 200 || answer.status >= 300) throw refusal(answer);
      return jsonOf(answer.body);
    },

    async statusForForged(signal) {
      return (await post({ type: 'ping', data: {} }, createHmac('sha256', secret).update('forged').digest(), signal)).status;
    },
  };
}
