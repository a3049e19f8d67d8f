import { createServer } from 'node:net';
import { connect } from 'node:tls';
import { rounds } from '@hostmaster/core/testing/soak';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxClientHello, noApplicationProtocol, readClientHello, unrecognizedName } from './client-hello.ts';

/** The first flight of a client of OpenSSL. */
const helloOf = (ALPNProtocols?: string[]): Promise<Buffer> =>
  new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.once('data', (hello) => {
        resolve(hello);
        socket.destroy();
        server.close();
      });
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1', () => {
      const bound = server.address();
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
      const offered = ALPNProtocols === undefined ? {} : { ALPNProtocols };
      connect({ host: '127.0.0.1', port, servername: 'Orders.Example.test', ...offered }).on('error', () => undefined);
    });
  });
const captured = helloOf(['acme-tls/1']);
const said = { kind: 'hello', name: 'orders.example.test', protocols: ['acme-tls/1'] };

const numbered = (octets: Buffer, width: 1 | 2) => {
  const length = Buffer.alloc(width);
  length.writeUIntBE(octets.length, 0, width);
  return Buffer.concat([length, octets]);
};
const extension = (type: number, content: Buffer) => Buffer.concat([Buffer.from([0, type]), numbered(content, 2)]);
/** A ClientHello with these extensions, and nothing else that matters. */
function built(...extensions: readonly Buffer[]): Buffer {
  const list = numbered(Buffer.concat(extensions), 2);
  const body = Buffer.concat([Buffer.alloc(34), Buffer.from([0, 0, 2, 0x13, 1, 1, 0]), list]);
  return Buffer.concat([Buffer.from([0x16, 3, 1]), numbered(Buffer.concat([Buffer.from([1, 0]), numbered(body, 2)]), 2)]);
}
const protocols = (...names: readonly string[]) =>
  extension(16, numbered(Buffer.concat(names.map((name) => numbered(Buffer.from(name, 'latin1'), 1))), 2));
const asked = (...extensions: readonly Buffer[]) => readClientHello(built(...extensions));

describe('a ClientHello', () => {
  it('is read once all of it is there, in however many records it came', async () => {
    const hello = await captured;
    expect(readClientHello(hello)).toEqual(said);
    for (let length = 0; length < hello.length; length += 1) expect(readClientHello(hello.subarray(0, length))).toEqual({ kind: 'more' });
    const body = hello.subarray(5);
    const records = Array.from({ length: Math.ceil(body.length / 50) }, (_, n) => body.subarray(50 * n, 50 * n + 50));
    const split = Buffer.concat(records.map((part) => Buffer.concat([Buffer.from([0x16, 3, 1, 0, part.length]), part])));
    expect(readClientHello(split)).toEqual(said);
  });

  it('says all protocols that are offered, in their order, and none where none is', async () => {
    expect(readClientHello(await helloOf(['h2', 'acme-tls/1', 'http/1.1']))).toMatchObject({ protocols: ['h2', 'acme-tls/1', 'http/1.1'] });
    expect(readClientHello(await helloOf())).toMatchObject({ name: 'orders.example.test', protocols: [] });
    expect(asked(protocols('acme-tls/1'))).toEqual({ kind: 'hello', name: null, protocols: ['acme-tls/1'] });
    expect(asked()).toEqual({ kind: 'hello', name: null, protocols: [] });
  });

  it.each<[string, Buffer]>([
    ['is empty', extension(16, Buffer.alloc(0))],
    ['has a length alone', extension(16, Buffer.from([0, 0]))],
    [
      'says that it is longer than it is',
      extension(16, Buffer.concat([Buffer.from([0, 12]), numbered(Buffer.from('acme-tls/1'), 1), Buffer.alloc(2)])),
    ],
    ['says that it is shorter than it is', extension(16, Buffer.concat([Buffer.from([0, 10]), numbered(Buffer.from('acme-tls/1'), 1)]))],
    ['has a protocol without a name', protocols('acme-tls/1', '')],
    ['ends within a name', extension(16, numbered(Buffer.concat([numbered(Buffer.from('acme-tls/1'), 1), Buffer.from([9, 0x68])]), 2))],
  ])('offers no protocol where the list %s', (_, list) => {
    expect(asked(list)).toMatchObject({ protocols: [] });
  });

  it('counts the first of two extensions of a kind, as the TLS layer that refuses the second sees it', () => {
    expect(asked(protocols('h2'), protocols('acme-tls/1'))).toMatchObject({ protocols: ['h2'] });
  });

  it('is never waited for past the bound, and nothing makes the reader throw', async () => {
    const hello = await captured;
    const endless = Buffer.concat(Array.from({ length: maxClientHello / 5 + 1 }, () => Buffer.from([0x16, 3, 1, 0, 0])));
    expect(readClientHello(endless)).toEqual({ kind: 'none' });
    expect(readClientHello(Buffer.from('GET / HTTP/1.1'))).toEqual({ kind: 'none' });
    const change = fc.record({ at: fc.nat(hello.length - 1), octet: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
        const broken = Buffer.from(hello);
        for (const { at, octet } of changes) broken[at] = octet;
        return ['hello', 'more', 'none'].includes(readClientHello(broken).kind);
      }),
      { numRuns: rounds(2000, 1_000_000) },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => readClientHello(Buffer.from([0x16, 3, 1, ...noise])).kind.length > 0),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => asked(extension(16, Buffer.from(noise))).kind === 'hello'),
      { numRuns: rounds(2000, 1_000_000) },
    );
  });

  it('says whatever names are offered', () => {
    const names = fc.array(fc.string({ minLength: 1, maxLength: 255, unit: 'binary-ascii' }), { maxLength: 20 });
    fc.assert(
      fc.property(names, (offered) => {
        expect(asked(protocols(...offered))).toMatchObject({ protocols: offered });
      }),
    );
  });

  it('is answered with alerts of seven octets', () => {
    expect([unrecognizedName, noApplicationProtocol].map((alert) => [alert.length, alert.at(-1)])).toEqual([
      [7, 112],
      [7, 120],
    ]);
  });
});
