import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { problem } from '@hostmaster/core/contract/page';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';
import { prepareIncoming } from './incoming.ts';

const handled: string[] = [];
const server = createServer((asked, answer) => {
  handled.push(asked.method ?? '');
  answer.end(JSON.stringify(asked.headers));
});
beforeAll(async () => {
  prepareIncoming({ publicUrl: 'http://hostmaster.test' });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** The headers that a handler sees of a request that was sent with these. */
const seen = (sent: Record<string, string>): Promise<Record<string, unknown>> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    request({ host: '127.0.0.1', port, headers: sent }, (answer) => {
      let text = '';
      answer.on('data', (part) => {
        text += String(part);
      });
      answer.on('end', () => resolve(JSON.parse(text)));
    })
      .on('error', reject)
      .end();
  });

describe('the address of a client', () => {
  it.each([
    ['nothing is said', {}],
    ['the client says another', { 'X-Forwarded-For': '6.6.6.6' }],
    ['the client says many', { 'X-Forwarded-For': '6.6.6.6, 7.7.7.7,8.8.8.8' }],
    ['the client says nonsense', { 'X-Forwarded-For': ', ,' }],
  ])('without a proxy is that of its socket, whatever it says: %s', async (_, sent) => {
    const headers = await seen(sent);
    expect(clientAddress(headers, 0)).toBe('127.0.0.1');
    expect(clientAddress(new Headers({ 'x-forwarded-for': String(headers['x-forwarded-for']) }), 0)).toBe('127.0.0.1');
  });

  it('behind proxies is what the first of them saw, whatever the client says', async () => {
    expect(clientAddress(await seen({ 'X-Forwarded-For': '6.6.6.6, 192.0.2.1' }), 1)).toBe('192.0.2.1');
    expect(clientAddress(await seen({ 'X-Forwarded-For': '6.6.6.6, 192.0.2.1, 10.0.0.1' }), 2)).toBe('192.0.2.1');
  });

  it('is that of the socket where the proxy is not there', async () => {
    expect(clientAddress(await seen({}), 1)).toBe('127.0.0.1');
  });
});

describe('what no handler could answer', () => {
  const ask = (method: string, path: string): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }> =>
    new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      handled.length = 0;
      request({ host: '127.0.0.1', port, method, path }, (answer) => {
        let body = '';
        answer
          .on('data', (part) => {
            body += String(part);
          })
          .on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body }));
      })
        .on('error', reject)
        .end();
    });

  it('is refused before any sees it: TRACE', async () => {
    expect(await ask('TRACE', '/')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' } });
    expect(handled).toEqual([]);
  });

  it.each(['/', '/sign-in', '/sign-in?x=/api/', '/requests/new', '/apis'])(
    'is refused before any sees it: POST %s, which is a page',
    async (path) => {
      expect(await ask('POST', path)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
      expect(handled).toEqual([]);
    },
  );

  it.each(['/certificates/%E0%A4%A', '/%', '/pki/%zz'])('is not found: %s', async (path) => {
    expect(await ask('GET', path)).toMatchObject({ status: 404, body: expect.stringContaining('percent-encoded') });
    expect(handled).toEqual([]);
  });

  it('is not found as a problem document where programs ask', async () => {
    const { status, headers, body } = await ask('GET', '/api/v1/certificates/%E0%A4%A');
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(problem.parse(JSON.parse(body))).toMatchObject({ code: 'not-found', type: 'http://hostmaster.test/api/docs#not-found' });
  });

  it.each([
    ['GET', '/'],
    ['OPTIONS', '/api/v1/zones'],
    ['POST', '/api/auth/callback/credentials'],
    ['DELETE', '/api/v1/%E2%82%AC?x=%'],
  ])('is nothing else: %s %s', async (method, path) => {
    expect((await ask(method, path)).status).toBe(200);
    expect(handled).toEqual([method]);
  });
});
