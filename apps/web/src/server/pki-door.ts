// Certificates and CRLs in plain http on a port of its own: whoever verifies a certificate cannot fetch them over TLS (RFC 5280
// §8), and nothing else of a portal that is on https answers there.
import { createServer, type Server } from 'node:http';
import { type PkiFile, readPkiFile } from '@hostmaster/usecases/issuer/read-pki-file';
import type { Container } from './container.ts';

export const headersOf = ({ contentType, seconds }: PkiFile): Record<string, string> => ({
  'Content-Type': contentType,
  'Cache-Control': `public, max-age=${seconds}`,
});

/** Listens until the process ends. Errors: those of listening. */
export async function startPkiDoor(
  { address, port }: { readonly address: string; readonly port: number },
  { parts, log }: Pick<Container, 'parts' | 'log'>,
): Promise<Server> {
  const server = createServer((request, response) => {
    const reply = (status: number, headers: Record<string, string>, body: string | Uint8Array): void => {
      response.writeHead(status, { 'X-Content-Type-Options': 'nosniff', ...headers }).end(body);
    };
    const say = (status: number, sentence: string): void => reply(status, { 'Content-Type': 'text/plain' }, `${sentence}\n`);
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'Only GET and HEAD are answered here.');
    const [, name = ''] = /^\/pki\/([^/?#]+)(?:\?.*)?$/.exec(request.url ?? '') ?? [];
    readPkiFile(parts, name).then(
      (file) => (file === null ? say(404, 'There is no such file.') : reply(200, headersOf(file), file.body)),
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
