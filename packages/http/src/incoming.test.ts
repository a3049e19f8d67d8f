import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';
import { prepareIncoming } from './incoming.ts';

const handled: string[] = [];
const server = createServer((asked, answer) => {
  handled.push(asked.method ?? '');
  answer.end(JSON.stringify(asked.headers));
});
beforeAll(async () => {
  prepareIncoming();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** The headers that a handler sees of a request that was sent with these. */
const seen = (sent: Record<string, string>): Promise<Record<string, unknown>> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    request({ host: '127.0.0.1', port, headers: sent }, (answer) => {
      let text = '';
      answer.on('data', (part) => (text += String(part))).on('end', () => resolve(JSON.parse(text)));
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

it('TRACE is refused before any handler sees it, and nothing else is', async () => {
  const { port } = server.address() as AddressInfo;
  const statusOf = (method: string): Promise<[number | undefined, string | undefined]> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, method }, (answer) => {
        answer.resume().on('end', () => resolve([answer.statusCode, answer.headers.allow]));
      })
        .on('error', reject)
        .end();
    });
  handled.length = 0;
  expect(await statusOf('TRACE')).toEqual([405, 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS']);
  for (const method of ['GET', 'OPTIONS', 'DELETE']) expect((await statusOf(method))[0]).toBe(200);
  expect(handled).toEqual(['GET', 'OPTIONS', 'DELETE']);
});
