import type { RecordSet } from '@hostmaster/core/dns/record-set';
import { rcodes } from '@hostmaster/core/dns/wire/codes';
import { type Message, type ReceivedMessage, responseTo } from '@hostmaster/core/dns/wire/message';
import { managedType, toRecords } from '@hostmaster/core/dns/wire/record';
import { afterEach, describe, expect, it } from 'vitest';
import { startLoopbackNameServer } from '../dns/testing/loopback-name-server.ts';
import { createLookup } from './lookup.ts';

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

const resolver = (by: Parameters<typeof serve>[0]) => serve(by, { authoritative: false, recursionAvailable: true, rcode: rcodes.NXDOMAIN });
const signal = () => AbortSignal.timeout(10_000);
const name = 'www.example.test';

/** Looks up with the given name servers and a resolver that knows nothing, or what `system` says. */
async function lookup(servers: readonly Awaited<ReturnType<typeof serve>>[], system: Parameters<typeof serve>[0] = {}) {
  const { address, port, asked } = await resolver(system);
  const resolved = await createLookup({ resolvers: [`${address}:${port}`] })(name, servers, signal());
  return { ...resolved, askedSystem: [...new Set(asked.map(({ message }) => message.questions[0]?.name))] };
}

describe('the addresses of a name', () => {
  it('are A and AAAA of every authoritative server together', async () => {
    const one = await serve({
      A: { answers: set(name, 'A', '192.0.2.1', '192.0.2.2') },
      AAAA: { answers: set(name, 'AAAA', '2001:db8::1') },
    });
    const two = await serve({ A: { answers: set(name, 'A', '192.0.2.2', '192.0.2.3') } });
    expect(await lookup([one, two])).toEqual({
      addresses: ['192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:db8::1'],
      askedSystem: [],
      by: 'servers',
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
    expect(await lookup([server])).toEqual({ addresses: ['192.0.2.1'], askedSystem: [], by: 'servers' });
  });

  it('are none where the servers deny the name, the type or the end of the chain: nobody else is asked', async () => {
    const alias = set(name, 'CNAME', 'gone.example.test');
    for (const parts of [
      { authorities: soa },
      { rcode: rcodes.NXDOMAIN },
      { answers: alias, authorities: soa },
      { answers: alias, rcode: rcodes.NXDOMAIN },
    ]) {
      expect(await lookup([await serve({}, parts)], { A: { answers: set(name, 'A', '192.0.2.1') } })).toEqual({
        addresses: [],
        askedSystem: [],
        by: 'servers',
      });
    }
  });

  it('are none at the end of a loop', async () => {
    const answers = [...set(name, 'CNAME', 'b.example.test'), ...set('b.example.test', 'CNAME', name)];
    expect(await lookup([await serve({}, { answers })])).toEqual({ addresses: [], askedSystem: [], by: 'servers' });
  });

  it('are the system’s for a chain that leaves the servers', async () => {
    const server = await serve({}, { answers: set(name, 'CNAME', 'lb.example.net') });
    const system = { A: { answers: set('lb.example.net', 'A', '192.0.2.7') } };
    expect(await lookup([server], system)).toEqual({ addresses: ['192.0.2.7'], askedSystem: ['lb.example.net'], by: 'servers' });
  });

  it.each([
    ['refuse', { rcode: rcodes.REFUSED, authoritative: false }],
    ['refer elsewhere', { authoritative: false, authorities: set('www.example.test', 'NS', 'ns.example.net') }],
    ['fail', { rcode: rcodes.SERVFAIL }],
  ])('are the system’s where the servers %s', async (_, parts) => {
    const system = { A: { answers: set(name, 'A', '192.0.2.7') }, AAAA: { answers: set(name, 'AAAA', '2001:db8::7') } };
    expect(await lookup([await serve({}, parts)], system)).toEqual({
      addresses: ['192.0.2.7', '2001:db8::7'],
      askedSystem: [name],
      by: 'resolver',
    });
  });

  it('are the system’s where there is no server to ask, and none where it knows none', async () => {
    expect(await lookup([], { AAAA: { answers: set(name, 'AAAA', '2001:db8::7') } })).toEqual({
      addresses: ['2001:db8::7'],
      askedSystem: [name],
      by: 'resolver',
    });
    expect(await lookup([])).toEqual({ addresses: [], askedSystem: [name], by: 'resolver' });
  });

  it('one silent server does not hide what another says', async () => {
    const silent = await startLoopbackNameServer(() => []);
    started.push(silent);
    const server = await serve({ A: { answers: set(name, 'A', '192.0.2.1') } });
    expect((await createLookup()(name, [{ name: 'ns2', tsig: null, ...silent }, server], signal())).addresses).toEqual(['192.0.2.1']);
  });

  it('an aborted lookup ends with the reason of its signal, while servers or the system are asked', async () => {
    const reason = new Error('the caller gave up');
    for (const where of ['servers', 'system'] as const) {
      const controller = new AbortController();
      const silent = await startLoopbackNameServer(() => {
        controller.abort(reason);
        return [];
      });
      started.push(silent);
      const options = where === 'system' ? { resolvers: [`${silent.address}:${silent.port}`] } : {};
      const servers = where === 'servers' ? [{ name: 'ns1', address: silent.address, port: silent.port, tsig: null }] : [];
      await expect(createLookup(options)(name, servers, controller.signal)).rejects.toBe(reason);
    }
  });
});
