import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { connectTcp } from '@hostmaster/adapters/dns/tcp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listeners, listen } from './listen.ts';
import type { Respond } from './respond.ts';

const address = '127.0.0.1';
const echo: Respond = async (request) => [request];
const open: (() => Promise<unknown> | unknown)[] = [];

async function start(respond: Respond = echo, idle = 5000): Promise<Listeners> {
  const listeners = await listen(address, 0, respond, idle);
  open.push(() => listeners.close());
  return listeners;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ host: address, port, allowHalfOpen: true });
  socket.on('error', () => undefined);
  open.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

const frame = (text: string): Buffer => Buffer.concat([Buffer.from([text.length >>> 8, text.length & 255]), Buffer.from(text)]);

/** Everything until the other side ends. */
async function received(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  return Buffer.concat(chunks).toString();
}

beforeEach(() => {
  open.length = 0;
});
afterEach(async () => {
  for (const close of open.reverse()) await close();
});

describe('the sockets', () => {
  it('are UDP and TCP on one port', async () => {
    const { port } = await start();
    const udp = createSocket('udp4');
    udp.send('ping', port, address);
    expect(String((await once(udp, 'message'))[0])).toBe('ping');
    udp.close();
    const connection = await connectTcp({ address, port }, AbortSignal.timeout(5000));
    connection.send(Buffer.from('ping'));
    expect(Buffer.from(await connection.receive()).toString()).toBe('ping');
    connection.close();
  });

  it('say so when the port is taken, for UDP or for TCP', async () => {
    const tcp = createServer().listen(0, address);
    await once(tcp, 'listening');
    open.push(() => tcp.close());
    const bound = tcp.address();
    const taken = typeof bound === 'object' && bound !== null ? bound.port : 0;
    await expect(listen(address, taken, echo, 1000)).rejects.toMatchObject({ code: 'unavailable' });
    const udp = createSocket('udp4');
    udp.bind(0, address);
    await once(udp, 'listening');
    open.push(() => udp.close());
    await expect(listen(address, udp.address().port, echo, 1000)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a TCP connection', () => {
  it('takes several messages, in whatever pieces they come, and answers in their order', async () => {
    const slowFirst: Respond = async (request) => {
      if (Buffer.from(request).toString() === 'one') for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
      return [request];
    };
    const { port } = await start(slowFirst);
    const socket = await dial(port);
    const bytes = Buffer.concat([frame('one'), frame('two'), frame('three')]);
    const all = received(socket);
    for (const byte of bytes) {
      socket.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
    socket.end();
    expect(await all).toBe(bytes.toString());
  });

  it('gets its answers also when it has already ended its side', async () => {
    const { port } = await start();
    const socket = await dial(port);
    const all = received(socket);
    socket.end(Buffer.concat([frame('one'), frame('two')]));
    expect(await all).toBe(Buffer.concat([frame('one'), frame('two')]).toString());
  });

  it('that is silent, or never finishes a message, is closed', async () => {
    const { port } = await start(echo, 100);
    const silent = await dial(port);
    const dribbling = await dial(port);
    const drip = setInterval(() => dribbling.write('\0'), 20);
    dribbling.write(Uint8Array.of(0xff, 0xff));
    await Promise.all([received(silent), received(dribbling)]);
    clearInterval(drip);
  });

  it('that does not read is closed, and keeps nobody else waiting', async () => {
    const large = new Uint8Array(60_000);
    let givenUp = () => {};
    const ended = new Promise<void>((resolve) => {
      givenUp = resolve;
    });
    const endless: Respond = async (request) =>
      request.length > 1
        ? [request]
        : (function* () {
            try {
              for (;;) yield large;
            } finally {
              givenUp();
            }
          })();
    const { port } = await start(endless, 1000);
    const deaf = await dial(port);
    deaf.pause();
    deaf.write(frame('x'));
    const other = await connectTcp({ address, port }, AbortSignal.timeout(5000));
    other.send(Buffer.from('ping'));
    expect(Buffer.from(await other.receive()).toString()).toBe('ping');
    other.close();
    await ended;
  });

  it('beyond the most that are served at a time is closed, and the others are served on', async () => {
    const { port } = await start();
    const sockets = await Promise.all(Array.from({ length: 256 }, () => dial(port)));
    const one = await dial(port);
    await received(one);
    const first = sockets[0];
    if (first === undefined) throw new Error('there are sockets');
    const all = received(first);
    first.end(frame('ping'));
    expect(await all).toBe(frame('ping').toString());
  });

  it('is ended by close', async () => {
    const { port, close } = await start();
    const socket = await dial(port);
    open.length = 0;
    await Promise.all([close(), received(socket)]);
    await expect(connectTcp({ address, port }, AbortSignal.timeout(5000))).rejects.toMatchObject({ code: 'dns-unreachable' });
  });
});
