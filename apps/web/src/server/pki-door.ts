// Certificates and CRLs in plain http on a port of its own: whoever verifies a certificate cannot fetch them over TLS (RFC 5280
// §8), and nothing else of a portal that is on https answers there.
import { createServer, type Server } from 'node:http';
import { clientAddress } from '@hostmaster/http/client-address';
import { noteBundleFetch } from '@hostmaster/usecases/authority/note-fetch';
import { type PkiFile, readPkiFile } from '@hostmaster/usecases/issuer/read-pki-file';
import type { Container } from './container.ts';

export const headersOf = ({ contentType, seconds }: PkiFile): Record<string, string> => ({
  'Content-Type': contentType,
  'Cache-Control': `public, max-age=${seconds}`,
});

type Noting = Pick<Container, 'env' | 'parts' | 'log'>;

/** Notes who fetched the roots; whoever fetches does not wait for that, and gets them whether or not it can be noted. */
export function noteFetch({ env, parts, log }: Noting, name: string, file: PkiFile, headers: Parameters<typeof clientAddress>[0]): void {
  noteBundleFetch(parts, name, file, clientAddress(headers, env.trustedProxyHops)).catch((error: unknown) => {
    log.warn({ err: error }, 'It could not be noted who fetched the roots.');
  });
}

/** Listens until the process ends. Errors: those of listening. */
export async function startPkiDoor(
  { address, port }: { readonly address: string; readonly port: number },
  container: Noting,
): Promise<Server> {
  const { parts, log } = container;
  const server = createServer((request, response) => {
    const reply = (status: number, headers: Record<string, string>, body: string | Uint8Array): void => {
      response.writeHead(status, { 'X-Content-Type-Options': 'nosniff', ...headers }).end(body);
    };
    const say = (status: number, sentence: string): void => reply(status, { 'Content-Type': 'text/plain' }, `${sentence}\n`);
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'Only GET and HEAD are answered here.');
    const [, name = ''] = /^\/pki\/([^/?#]+)(?:\?.*)?$/.exec(request.url ?? '') ?? [];
    readPkiFile(parts, name).then(
      (file) => {
        if (file === null) return say(404, 'There is no such file.');
        noteFetch(container, name, file, request.headers);
        reply(200, headersOf(file), file.body);
      },
      (error: unknown) => {
        log.error({ err: error }, 'A certificate or a CRL could not be read.');
        say(503, 'It cannot be read now; try again in a moment.');
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  return server;
}
