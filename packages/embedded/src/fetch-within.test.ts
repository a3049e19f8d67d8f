import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchWithin } from './fetch-within.ts';

const server = createServer((request, response) => {
  if (request.url === '/') response.writeHead(201).end('here');
  if (request.url === '/elsewhere') response.writeHead(307, { location: '/' }).end();
  if (request.url === '/half') response.writeHead(200).write('he');
});
let origin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('says what was answered, and follows nothing', async () => {
  expect(await fetchWithin(`${origin}/`, 10_000)).toEqual({ status: 201, text: 'here' });
  expect(await fetchWithin(`${origin}/elsewhere`, 10_000)).toMatchObject({ status: 307 });
});

it.each(['/silent', '/half'])('ends in time where %s is never answered whole', async (path) => {
  await expect(fetchWithin(`${origin}${path}`, 50)).rejects.toThrow();
});
