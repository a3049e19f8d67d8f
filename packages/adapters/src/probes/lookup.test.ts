import type { RecordSet } from '@hostmaster/core/dns/record-set';
import { rcodes } from '@hostmaster/core/dns/wire/codes';
import { type Message, type ReceivedMessage, responseTo } from '@hostmaster/core/dns/wire/message';
import { managedType, toRecords } from '@hostmaster/core/dns/wire/record';
import { afterEach, describe, expect, it } from 'vitest';
import { startLoopbackNameServer } from '../dns/testing/loopback-name-server.ts';
import { askAddresses, createResolve } from './lookup.ts';

const set = (name: string, type: RecordSet['type'], ...values: string[]) => toRecords({ name, type, ttl: 60, values });
const soa = set('example.test', 'SOA', 'ns1.test h.test 1 1 1 1 1');
const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

type Parts = Partial<Pick<Message, 'answers' | 'authorities' | 'rcode' | 'authoritative' | 'recursionAvailable'>>;

/** Answers by the type that is asked for; a type without an answer gets `otherwise`. */
async function serve(by: { readonly A?: Parts; readonly AAAA?: Parts }, otherwise: Parts = { authorities: soa }) {
  const server = await startLoopbackNameServer((asked: ReceivedMessage) => {
    const type = managedType(asked.questions[0]?.type ?? 0);
    const parts = type === 'A' || type === 'AAAA' ? (by[type] ?? otherwise) : otherwise;
    return [responseTo(asked, { authoritative: true, ...parts })];
  });
  started.push(server);
  return { name: 'ns1', address: server.address, port: server.port, tsig: null, asked: server.asked };
}

const signal = () => AbortSignal.timeout(10_000);
const name = 'www.example.test';
const ask = (...servers: readonly Awaited<ReturnType<typeof serve>>[]) => askAddresses(name, servers, signal());
const none = { addresses: [], onward: [], empty: [] };

describe('the addresses that servers tell of a name', () => {
  it('are A and AAAA of every authoritative server together', async () => {
    const one = await serve({
      A: { answers: set(name, 'A', '192.0.2.1', '192.0.2.2') },
      AAAA: { answers: set(name, 'AAAA', '2001:db8::1') },
    });
    const two = await serve({ A: { answers: set(name, 'A', '192.0.2.2', '192.0.2.3') } });
    expect(await ask(one, two)).toEqual({
      addresses: ['192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:db8::1'],
      onward: [],
      empty: [name],
    });
  });

  it('are found at the end of a chain within the answer, in whatever order it comes', async () => {
    const answers = [
      ...set('end.example.test', 'A', '192.0.2.1'),
      ...set('mid.example.test', 'CNAME', 'end.example.test'),
      ...set(name, 'CNAME', 'mid.example.test'),
    ];
    const unrelated = set('other.example.test', 'A', '192.0.2.9');
    const server = await serve({
      A: { answers: [...unrelated, ...answers] },
      AAAA: { answers: set(name, 'CNAME', 'mid.example.test'), authorities: soa },
    });
    expect(await ask(server)).toEqual({ ...none, addresses: ['192.0.2.1'], empty: ['mid.example.test'] });
  });

  const alias = set(name, 'CNAME', 'gone.example.test');
  it.each([
    ['the type', { authorities: soa }, name],
    ['the name', { rcode: rcodes.NXDOMAIN }, name],
    ['the type at the end of the chain', { answers: alias, authorities: soa }, 'gone.example.test'],
    ['the end of the chain', { answers: alias, rcode: rcodes.NXDOMAIN }, 'gone.example.test'],
    [
      'nothing, and the chain is a loop',
      { answers: [...set(name, 'CNAME', 'b.example.test'), ...set('b.example.test', 'CNAME', name)] },
      name,
    ],
  ])('are none where they deny %s: it is said of which name', async (_, parts, end) =>
    expect(await ask(await serve({}, parts))).toEqual({ ...none, empty: [end] }),
  );

  it('are none where the chain leaves the servers: it is said to where, once', async () => {
    const leaves = { answers: set(name, 'CNAME', 'lb.example.net') };
    expect(await ask(await serve({}, leaves), await serve({}, leaves))).toEqual({ ...none, onward: ['lb.example.net'] });
  });

  it.each([
    ['refuses', { rcode: rcodes.REFUSED, authoritative: false }],
    ['refers elsewhere', { authoritative: false, authorities: set('www.example.test', 'NS', 'ns.example.net') }],
    ['fails', { rcode: rcodes.SERVFAIL }],
  ])('are nothing of a server that %s', async (_, parts) => {
    const wrong = await serve({}, parts);
    expect(await ask(wrong)).toBeNull();
    expect(await ask(wrong, await serve({ A: { answers: set(name, 'A', '192.0.2.1') } }))).toMatchObject({ addresses: ['192.0.2.1'] });
  });

  it('one silent server does not hide what another says', async () => {
    const silent = await startLoopbackNameServer(() => []);
    started.push(silent);
    const server = await serve({ A: { answers: set(name, 'A', '192.0.2.1') } });
    const told = await askAddresses(name, [{ name: 'ns2', tsig: null, ...silent }, server], signal());
    expect(told?.addresses).toEqual(['192.0.2.1']);
  });
});

describe('the addresses that the resolver finds', () => {
  const resolve = async (by: Parameters<typeof serve>[0]) => {
    const { address, port } = await serve(by, { authoritative: false, recursionAvailable: true, rcode: rcodes.NXDOMAIN });
    return createResolve({ resolvers: [`${address}:${port}`] })(name, signal());
  };

  it('are A and AAAA, and none where it knows none', async () => {
    const both = { A: { answers: set(name, 'A', '192.0.2.7') }, AAAA: { answers: set(name, 'AAAA', '2001:db8::7') } };
    expect(await resolve(both)).toEqual(['192.0.2.7', '2001:db8::7']);
    expect(await resolve({ AAAA: both.AAAA })).toEqual(['2001:db8::7']);
    expect(await resolve({})).toEqual([]);
  });
});

it('a look that is aborted ends with the reason of its signal, while servers or the system are asked', async () => {
  const reason = new Error('the caller gave up');
  for (const where of ['servers', 'system'] as const) {
    const controller = new AbortController();
    const silent = await startLoopbackNameServer(() => {
      controller.abort(reason);
      return [];
    });
    started.push(silent);
    const looking =
      where === 'system'
        ? createResolve({ resolvers: [`${silent.address}:${silent.port}`] })(name, controller.signal)
        : askAddresses(name, [{ name: 'ns1', address: silent.address, port: silent.port, tsig: null }], controller.signal);
    await expect(looking).rejects.toBe(reason);
  }
});
