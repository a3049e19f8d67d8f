import { createServer, type Server } from 'node:net';
import { HostmasterError } from '@hostmaster/core/errors';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createGuard } from './guard.ts';

const guard = createGuard();
const everything = ['0.0.0.0/0', '::/0'];

function verdict(address: string, allowedRanges: readonly string[] = []): string {
  try {
    guard.checkAddress(address, { allowedRanges });
    return 'ok';
  } catch (error) {
    if (error instanceof HostmasterError && error.code === 'address-forbidden') return error.message;
    throw error;
  }
}

describe('public addresses pass', () => {
  it.each([
    '8.8.8.8',
    '93.184.216.34',
    '2606:4700:4700::1111',
    '2a00:1450:4001::1',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '2002:808:808::1',
  ])('%s', (address) => {
    expect(verdict(address)).toBe('ok');
  });
});

describe('what is not public passes only where its range is allowed', () => {
  it.each([
    ['127.0.0.1', '127.0.0.0/8'],
    ['127.255.255.254', '127.0.0.0/8'],
    ['10.1.2.3', '10.0.0.0/8'],
    ['172.16.0.1', '172.16.0.0/12'],
    ['192.168.1.1', '192.168.1.1/32'],
    ['100.64.0.1', '100.64.0.0/10'],
    ['198.18.0.1', '198.18.0.0/15'],
    ['192.0.2.1', '192.0.2.0/24'],
    ['240.0.0.1', '240.0.0.0/4'],
    ['::1', '::1/128'],
    ['fd12:3456::1', 'fd00::/8'],
    ['fec0::1', 'fec0::/10'],
    ['2001:db8::1', '2001:db8::/32'],
    ['2001:0:1::1', '2001::/32'],
    ['64:ff9b:1::a00:1', '64:ff9b:1::/48'],
    ['100::1', '100::/64'],
    ['::ffff:127.0.0.1', '127.0.0.0/8'],
    ['::ffff:a00:1', '10.0.0.0/8'],
    ['64:ff9b::10.0.0.1', '10.0.0.0/8'],
    ['2002:a00:1::1', '10.0.0.0/8'],
    ['::127.0.0.1', '127.0.0.0/8'],
    ['::ffff:0:10.0.0.1', '10.0.0.0/8'],
  ])('%s in %s', (address, range) => {
    expect(verdict(address)).not.toBe('ok');
    expect(verdict(address, [range])).toBe('ok');
    expect(verdict(address, ['203.0.113.0/24', 'not a range', '2001:db8:ffff::/48'])).not.toBe('ok');
  });
});

describe('what never passes, whatever is allowed', () => {
  it.each([
    ['169.254.169.254', 'link-local'],
    ['169.254.0.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fd00:ec2::254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['fd20:ce::254', 'metadata'],
    ['::ffff:168.63.129.16', 'metadata'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['255.255.255.255', 'broadcast'],
    ['::ffff:169.254.169.254', 'link-local'],
    ['::ffff:a9fe:a9fe', 'link-local'],
    ['64:ff9b::a9fe:a9fe', 'link-local'],
    ['2002:a9fe:a9fe::', 'link-local'],
    ['::169.254.169.254', 'link-local'],
    ['::ffff:0.0.0.0', 'unspecified'],
  ])('%s is %s', (address, reason) => {
    expect(verdict(address, everything)).toContain(reason);
  });

  it.each([
    '',
    'localhost',
    '2130706433',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '127.1',
    '127.0.0.1 ',
    '1.2.3.4.5',
    'fe80::1%eth0',
    '8.8.8.8:80',
    '[::1]',
    '8.8.8.8/8',
    ':::1',
    '8.8.8.8\0',
    `${'1'.repeat(100_000)}`,
  ])('%j is not a literal address', (text) => {
    expect(verdict(text, everything)).toContain('not a literal');
  });
});

it('an IPv4 address is judged alike in every IPv6 form that leads to it', () => {
  fc.assert(
    fc.property(fc.ipV4(), (text) => {
      if (text.startsWith('0.')) return;
      const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
      const words = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
      for (const form of [`::ffff:${words}`, `64:ff9b::${words}`, `2002:${words}::1`]) {
        expect(verdict(form) === 'ok').toBe(verdict(text) === 'ok');
        expect(verdict(form, everything) === 'ok').toBe(verdict(text, everything) === 'ok');
      }
    }),
    { numRuns: 1000 },
  );
});

describe('a guarded connection', () => {
  let server: Server | undefined;
  afterEach(() => new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve()))));
  const listening = async (): Promise<number> => {
    const opened = createServer((socket) => socket.end());
    server = opened;
    await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
    const bound = opened.address();
    return typeof bound === 'object' && bound !== null ? bound.port : 0;
  };
  const target = (port: number, allowedRanges: readonly string[]) => ({
    address: '127.0.0.1',
    port,
    ports: { servedPort: port, allowedPorts: [] },
    allowedRanges,
    timeoutMilliseconds: 5000,
  });

  it('is not attempted to a forbidden address or port: the server never sees it', async () => {
    const port = await listening();
    let seen = 0;
    server?.on('connection', () => {
      seen += 1;
    });
    await expect(guard.guardedConnect(target(port, []), AbortSignal.timeout(5000))).rejects.toMatchObject({ code: 'address-forbidden' });
    const noPort = { ...target(port, ['127.0.0.0/8']), ports: { servedPort: 443, allowedPorts: [{ from: 80, to: 80 }] } };
    await expect(guard.guardedConnect(noPort, AbortSignal.timeout(5000))).rejects.toMatchObject({
      code: 'address-forbidden',
      message: `Port ${port} may not be reached: it is none that the zone allows.`,
    });
    const socket = await guard.guardedConnect(target(port, ['127.0.0.0/8']), AbortSignal.timeout(5000));
    expect(socket.remoteAddress).toBe('127.0.0.1');
    await new Promise((resolve) => socket.once('close', resolve).resume());
    expect(seen).toBe(1);
  });

  it('ends with the caller’s signal', async () => {
    const port = await listening();
    await expect(guard.guardedConnect(target(port, ['127.0.0.0/8']), AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up');
  });

  it('refused by the other side is the error of the socket', async () => {
    const port = await listening();
    await new Promise<void>((resolve) => server?.close(() => resolve()));
    server = undefined;
    await expect(guard.guardedConnect(target(port, ['127.0.0.0/8']), AbortSignal.timeout(5000))).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});
