import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { httpsExchange } from './https.ts';

const asked = { method: 'GET', headers: {}, mostBytes: 1000, timeoutMilliseconds: 10_000 } as const;
const signal = () => AbortSignal.timeout(20_000);
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Takes connections and says nothing. */
async function silent(): Promise<{ readonly port: number; readonly connections: () => number }> {
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections += 1;
    socket.on('error', () => {});
    closing.push(() => socket.destroy());
  }).listen(0, '127.0.0.1');
  closing.push(() => server.close());
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433'])(
  'an address that is not allowed is not connected to, however it is written: %s',
  async (host) => {
    const { port, connections } = await silent();
    const exchange = httpsExchange({ allowedRanges: [], trust: '' });
    await expect(exchange({ ...asked, url: `https://${host}:${port}/` }, signal())).rejects.toMatchObject({ code: 'address-forbidden' });
    expect(connections()).toBe(0);
  },
);

it('a server that says nothing is left when its time is over', async () => {
  const { port, connections } = await silent();
  const exchange = httpsExchange({ allowedRanges: ['127.0.0.0/8'], trust: '' });
  await expect(exchange({ ...asked, url: `https://127.0.0.1:${port}/`, timeoutMilliseconds: 50 }, signal())).rejects.toThrow(
    'no answer within 50 ms',
  );
  expect(connections()).toBe(1);
});

it('a name that has no address says so', async () => {
  const exchange = httpsExchange({ allowedRanges: [], trust: '' });
  await expect(exchange({ ...asked, url: 'https://nothing.invalid/' }, signal())).rejects.toThrow();
});
