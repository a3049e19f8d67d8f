// The sign-in routes on a loopback port, without Next around them: next-auth's own handler for Node's requests.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NextApiResponse } from 'next';
import NextAuth from 'next-auth';
import { authOptions } from '../auth.ts';
import type { Container } from '../container.ts';

export type AuthServer = { readonly origin: string; serve(container: Container): void; close(): Promise<void> };

export const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

export const listening = (server: Server): Promise<Server> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));

export const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });

async function bodyOf(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
}

const notCalled = (): never => {
  throw new Error('next-auth does not call this');
};

/** Listens first, so that the container can be told its public URL; everything but /api/auth/* answers "page". */
export async function startAuthServer(): Promise<AuthServer> {
  let container: Container | undefined;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, nextauth] = /^\/api\/auth\/(.+)$/.exec(url.pathname) ?? [];
    if (container === undefined || nextauth === undefined) {
      response.end('page');
      return;
    }
    const cookies = Object.fromEntries(
      (request.headers.cookie ?? '').split('; ').flatMap((pair) => {
        const at = pair.indexOf('=');
        return at > 0 ? [[pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))]] : [];
      }),
    );
    const query = { ...Object.fromEntries(url.searchParams), nextauth: nextauth.split('/') };
    const asked = Object.assign(request, { query, cookies, body: await bodyOf(request), env: {} });
    // The few methods that Next adds to Node's response and next-auth calls.
    const answer: NextApiResponse = Object.assign(response, {
      status: (code: number) => {
        response.statusCode = code;
        return answer;
      },
      json: (value: unknown) => void response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value)),
      send: (value: unknown) => void response.end(typeof value === 'string' ? value : JSON.stringify(value)),
      redirect: notCalled,
      setDraftMode: notCalled,
      setPreviewData: notCalled,
      clearPreviewData: notCalled,
      revalidate: notCalled,
    });
    await NextAuth(asked, answer, authOptions(container, { userAgent: asked.headers['user-agent'] ?? null, address: '192.0.2.77' }));
  });
  await listening(server);
  return {
    origin: originOf(server),
    serve: (given) => {
      container = given;
    },
    close: () => closed(server),
  };
}
