// The client of ACM that AWS ships, over connections that are judged here (net/https.ts), and its errors as ours. Whom it signs in as, where it
// asks and how often it tries again are said here, so that it looks for none of that in the environment or the files of the host.
import { ACMClient, ACMServiceException } from '@aws-sdk/client-acm';
import { type AcmPlace, acmSetup } from '@hostmaster/core/acm/policy';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { issuerOperator, operator, theIssuer } from '@hostmaster/core/operation/moves-next';
import type { CommandStep } from '@hostmaster/core/pki/issuer';
import { asSentence } from '@hostmaster/core/sentence';
import { type Exchange, httpsExchange } from '../../net/https.ts';
import { tellFault } from '../../probes/fault-words.ts';
import { rangesOf } from '../reach.ts';
import { type AcmSettings, endpointOf } from './settings.ts';

/** What ACM is spoken with for: how its faults are called then, whose they are, and what its user needs. */
export type AcmUse = {
  readonly refused: 'issuer-refused' | 'delivery-failed';
  readonly unavailable: 'issuer-unavailable' | 'delivery-failed';
  readonly runs: (name: string) => string;
  readonly setup: (place: AcmPlace) => readonly CommandStep[];
};
export const ordering: AcmUse = { refused: 'issuer-refused', unavailable: 'issuer-unavailable', runs: issuerOperator, setup: acmSetup };

/** The command that gives its user what it needs. */
export const policyCommand = ({ setup }: AcmUse, place: AcmPlace): string => setup(place)[1]?.command ?? '';

export type AcmClient = {
  readonly name: string;
  readonly use: AcmUse;
  /**
   * Calls one operation, under the name that IAM has for its right. Errors: as its use calls them; what ACM itself said stands behind them.
   */
  call<T>(
    action: string,
    send: (client: ACMClient, options: { readonly abortSignal: AbortSignal }) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
};

/** What ACM refused, by its own name for it; it stands behind our error. */
export const refusalIn = (error: unknown): string | null =>
  error instanceof HostmasterError && error.cause instanceof ACMServiceException ? error.cause.name : null;

const mostBytes = 1024 * 1024;
const timeoutMilliseconds = 20_000;
/** One call and two more, where ACM is busy or met a fault; then whoever asked waits. */
const mostAttempts = 3;
const busySeconds = 60;
const quotaSeconds = 3600;
/** What the client reads of an answer. */
const readHeaders = ['content-type', 'date', 'x-amzn-requestid', 'x-amzn-errortype', 'x-amzn-query-error', 'retry-after'];

type Sent = {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** The signal of a call reaches its connection, and its reason whoever gave it. */
const handlerOver = (exchange: Exchange) => ({
  metadata: { handlerProtocol: 'http/1.1' },
  updateHttpClientConfig: () => {},
  httpHandlerConfigs: () => ({}),
  async handle({ protocol, hostname, port, path, headers, body }: Sent, options?: { readonly abortSignal?: unknown }) {
    const url = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
    const signal = options?.abortSignal instanceof AbortSignal ? options.abortSignal : new AbortController().signal;
    const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body ?? '');
    const answer = await exchange({ method: 'POST', url, headers, body: text, mostBytes, timeoutMilliseconds }, signal);
    const answered = Object.fromEntries(
      readHeaders.flatMap((name) => {
        const value = answer.header(name);
        return value === null ? [] : [[name, value]];
      }),
    );
    return { response: { statusCode: answer.status, headers: answered, body: answer.body } };
  },
});

type Account = { readonly slug: string; readonly settings: AcmSettings; readonly secret: Uint8Array };

export function acmClient({ slug: name, settings, secret }: Account, use: AcmUse): AcmClient {
  const { region, accessKeyId, trust, addresses } = settings;
  const client = new ACMClient({
    region,
    endpoint: endpointOf(settings),
    credentials: { accessKeyId, secretAccessKey: Buffer.from(secret).toString('utf8') },
    requestHandler: handlerOver(httpsExchange({ trust, allowedRanges: rangesOf(addresses) })),
    maxAttempts: mostAttempts,
    retryMode: 'standard',
    defaultsMode: 'standard',
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    userAgentAppId: 'hostmaster',
  });
  return {
    name,
    use,
    async call(action, send, signal) {
      signal.throwIfAborted();
      try {
        return await send(client, { abortSignal: signal });
      } catch (cause) {
        if (signal.aborted) throw signal.reason;
        throw errorOf({ name, settings, action, use }, cause);
      }
    },
  };
}

type Asked = { readonly name: string; readonly settings: AcmSettings; readonly action: string; readonly use: AcmUse };

/** Names of what AWS answers where it does not know who asks (https://docs.aws.amazon.com/acm/latest/APIReference/CommonErrors.html). */
const unknownSigner = new Set([
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'MissingAuthenticationToken',
  'AuthFailure',
  'ExpiredTokenException',
  'ExpiredToken',
  'RequestExpired',
]);
const notAllowed = new Set(['AccessDeniedException', 'AccessDenied', 'NotAuthorized', 'UnauthorizedOperation', 'OptInRequired']);
const busy = new Set(['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded', 'RequestThrottled']);
const overQuota = new Set(['LimitExceededException', 'ServiceQuotaExceededException']);
const passing = new Set([
  'RequestInProgressException',
  'ConflictException',
  'InternalFailure',
  'InternalServerException',
  'ServiceUnavailable',
]);

function errorOf({ name, settings, action, use }: Asked, cause: unknown): HostmasterError {
  const runs = use.runs(name);
  const away = (message: string, movesNext: string, retryAfter?: number) =>
    new HostmasterError(use.unavailable, message, { cause, movesNext, ...(retryAfter === undefined ? {} : { retryAfter }) });
  if (!(cause instanceof ACMServiceException))
    return away(asSentence(`${name} does not answer as ACM does: ${tellFault(cause).words}`), runs);
  const said = asSentence(foreignWords(cause.message) || `it answers ${cause.name} without saying why`);
  const word = foreignWords(cause.name);
  if (unknownSigner.has(cause.name))
    return away(
      `${name} does not know who asks (${word}): ${said} Compare “Region” and “Access key”, and give the secret access key anew; the clock of the worker must be right, too.`,
      operator,
    );
  if (notAllowed.has(cause.name))
    return away(
      `${name} does not allow ${action} (${word}): ${said} Whoever runs the account adds ${action} to the policy: ${policyCommand(use, settings)}`,
      runs,
    );
  if (busy.has(cause.name))
    return away(
      `${name} takes no more requests for now (${word}): ${said}`,
      use.refused === 'issuer-refused' ? theIssuer : runs,
      busySeconds,
    );
  if (overQuota.has(cause.name))
    return away(
      `A quota of the account is used up (${word}): ${said} Whoever runs it has it raised in Service Quotas, or deletes what nobody uses.`,
      runs,
      quotaSeconds,
    );
  if (passing.has(cause.name) || (cause.$metadata.httpStatusCode ?? 500) >= 500)
    return away(`${name} did not do it (${word}): ${said}`, runs);
  // A refusal of what was ordered ends an order; of a delivery it is looked at by whoever runs the account.
  const movesNext = use.refused === 'issuer-refused' ? {} : { movesNext: runs };
  return new HostmasterError(use.refused, `${name} refused ${action} (${word}): ${said}`, { cause, ...movesNext });
}
