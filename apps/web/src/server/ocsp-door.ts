// OCSP over HTTP (RFC 6960 appendix A.1, RFC 5019 §5 and §6): what a request is read from, and how its answer may be kept.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hour } from '@hostmaster/core/duration';
import { maxOcspRequestLength } from '@hostmaster/core/pki/ocsp-request';
import { ocspFailure } from '@hostmaster/core/pki/ocsp-response';
import { asOwnError } from '@hostmaster/http/own-error';
import { answerOcsp, type OcspAnswer } from '@hostmaster/usecases/issuer/answer-ocsp';
import type { Container } from './container.ts';

export type DoorAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

/** The issuer that a path asks of, and the request where it is in the path; null for any other path. */
export function ocspPath(path: string): { readonly slug: string; readonly request: string } | null {
  const [, slug, request = ''] = /^\/pki\/ocsp\/([a-z0-9-]{1,63})(?:\/(.*))?$/.exec(path) ?? [];
  return slug === undefined ? null : { slug, request };
}

/**
 * A request in base64 as clients write it into a path: what is no letter or digit as it is or percent-encoded, also with a slash
 * before it where its address had one at the end, a plus that became a space, and base64url. Empty where it is none of these.
 */
export function requestInPath(text: string): Uint8Array {
  try {
    const base64 = decodeURIComponent(text).replace(/^\/+/, '').replaceAll(' ', '+');
    return /^[A-Za-z0-9+/_-]*={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : new Uint8Array();
  } catch {
    return new Uint8Array();
  }
}

/** The body, and no octet more than a request may have; null where it has more, or does not come to its end. */
async function requestInBody(request: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    // Its connection stays, so that who sent too much is told.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const octets: Uint8Array = chunk;
      size += octets.length;
      if (size > maxOcspRequestLength) return null;
      chunks.push(octets);
    }
    return Buffer.concat(chunks);
  } catch {
    return null;
  }
}

/** Its end says how long a client may believe an answer; a cache asks again much earlier, because a certificate may be revoked since. */
const keptMilliseconds = hour;

function answered({ body, kept }: OcspAnswer, now: Date, ifNoneMatch: string | undefined): DoorAnswer {
  const type = { 'Content-Type': 'application/ocsp-response' };
  if (kept === null) return { status: 200, headers: { ...type, 'Cache-Control': 'no-store' }, body };
  const { thisUpdate, nextUpdate } = kept;
  const seconds = Math.floor(Math.min(keptMilliseconds, nextUpdate.getTime() - now.getTime()) / 1000);
  const tag = `"${createHash('sha1').update(body).digest('hex')}"`;
  const headers = {
    'Cache-Control': `max-age=${seconds}, public, no-transform, must-revalidate`,
    'Last-Modified': thisUpdate.toUTCString(),
    Expires: nextUpdate.toUTCString(),
    ETag: tag,
  };
  return ifNoneMatch === tag ? { status: 304, headers, body: '' } : { status: 200, headers: { ...type, ...headers }, body };
}

const tooLarge: DoorAnswer = {
  status: 413,
  headers: { 'Content-Type': 'text/plain', Connection: 'close' },
  body: `A request has at most ${maxOcspRequestLength} octets.\n`,
};

type Answering = Pick<Container, 'parts' | 'log'>;

/** The answer to a GET, HEAD or POST; null where there is no such issuer. Errors: none, they are answered and logged. */
export async function answerOcspRequest(
  { parts, log }: Answering,
  message: IncomingMessage,
  { slug, request }: { readonly slug: string; readonly request: string },
): Promise<DoorAnswer | null> {
  const der = message.method === 'POST' ? await requestInBody(message) : requestInPath(request);
  if (der === null) return tooLarge;
  try {
    const answer = await answerOcsp(parts, slug, der);
    return answer === null ? null : answered(answer, parts.clock.now(), message.headers['if-none-match']);
  } catch (error) {
    log.error({ err: error }, 'An OCSP request could not be answered.');
    const failure = asOwnError(error).code === 'unavailable' ? 'tryLater' : 'internalError';
    return answered({ body: Uint8Array.from(ocspFailure(failure)), kept: null }, parts.clock.now(), undefined);
  }
}
