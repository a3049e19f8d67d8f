// What certificates point to, CA certificates, CRLs and OCSP, and proofs of control that CAs of others ask for (RFC 8555 §8.3). The portal's own server and a port of its own answer it alike, before
// any framework sees the request: whoever verifies a certificate cannot fetch this over TLS (RFC 5280 §8), and the base64 of an OCSP
// request has slashes that others would tidy up.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { challengePath } from '@hostmaster/core/acme/challenge';
import { clientAddress } from '@hostmaster/http/client-address';
import { noteBundleFetch } from '@hostmaster/usecases/authority/note-fetch';
import { answerToChallenge } from '@hostmaster/usecases/certificate/http-proofs';
import { type PkiFile, readPkiFile } from '@hostmaster/usecases/issuer/read-pki-file';
import type { Container } from './container.ts';
import { answerOcspRequest, type DoorAnswer, ocspPath } from './ocsp-door.ts';
import { securityHeaders } from './security-headers.ts';

type Answering = Pick<Container, 'env' | 'parts' | 'log'>;

const safeHeaders = securityHeaders({ nonce: null, secure: false, development: false });

const say = (status: number, sentence: string, headers: Readonly<Record<string, string>> = {}): DoorAnswer => ({
  status,
  headers: { 'Content-Type': 'text/plain', ...headers },
  body: `${sentence}\n`,
});

const fileAnswer = ({ contentType, seconds, body }: PkiFile): DoorAnswer => ({
  status: 200,
  headers: { 'Content-Type': contentType, 'Cache-Control': `public, max-age=${seconds}` },
  body,
});

/** Notes who fetched the roots; whoever fetches does not wait for that, and gets them whether or not it can be noted. */
function noteFetch({ env, parts, log }: Answering, name: string, headers: Parameters<typeof clientAddress>[0]): void {
  noteBundleFetch(parts, name, clientAddress(headers, env.trustedProxyHops)).catch((error: unknown) => {
    log.warn({ err: error }, 'It could not be noted who fetched the roots.');
  });
}

/** Null: nothing is to be proved with that token. */
async function answerChallenge({ parts, log }: Answering, { method }: IncomingMessage, token: string): Promise<DoorAnswer | null> {
  if (method !== 'GET' && method !== 'HEAD') return say(405, 'Only GET, HEAD are answered here.', { Allow: 'GET, HEAD' });
  try {
    const body = await answerToChallenge(parts.db, token);
    return body === null ? null : { status: 200, headers: { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' }, body };
  } catch (error) {
    log.error({ err: error }, 'A proof of control could not be read.');
    return say(503, 'It cannot be read now; try again in a moment.', { 'Retry-After': '5' });
  }
}

/** Null: there is nothing at that path. */
async function answerTo(answering: Answering, request: IncomingMessage, path: string): Promise<DoorAnswer | null> {
  if (path.startsWith(challengePath)) return answerChallenge(answering, request, path.slice(challengePath.length));
  const ocsp = ocspPath(path);
  const methods = ocsp === null ? ['GET', 'HEAD'] : ['GET', 'HEAD', 'POST'];
  const { method = '' } = request;
  if (!methods.includes(method)) return say(405, `Only ${methods.join(', ')} are answered here.`, { Allow: methods.join(', ') });
  if (ocsp !== null) return answerOcspRequest(answering, request, ocsp);
  try {
    const name = path.slice('/pki/'.length);
    const file = await readPkiFile(answering.parts, name);
    if (file === null) return null;
    noteFetch(answering, name, request.headers);
    return fileAnswer(file);
  } catch (error) {
    answering.log.error({ err: error }, 'A certificate or a CRL could not be read.');
    return say(503, 'It cannot be read now; try again in a moment.', { 'Retry-After': '5' });
  }
}

const nothingThere = say(404, 'There is no such file.');

function send(response: ServerResponse, { status, headers, body }: DoorAnswer): void {
  response.writeHead(status, { ...safeHeaders, ...headers }).end(body);
}

/** Answers what is asked for below /pki/, and where CAs ask for proofs. @returns whether it does; everything else is left to others */
export const pkiDoor =
  (answering: Answering) =>
  (request: IncomingMessage, response: ServerResponse): boolean => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    if (!path.startsWith('/pki/') && !path.startsWith(challengePath)) return false;
    void answerTo(answering, request, path).then((answer) => send(response, answer ?? nothingThere));
    return true;
  };

/** Answers the same on a port of its own, and nothing else. Listens until the process ends. Errors: those of listening. */
export async function startPkiDoor(
  { address, port }: { readonly address: string; readonly port: number },
  answering: Answering,
): Promise<Server> {
  const door = pkiDoor(answering);
  const server = createServer((request, response) => {
    if (!door(request, response)) send(response, nothingThere);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  return server;
}
