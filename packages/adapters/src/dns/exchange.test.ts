import { systemClock } from '@hostmaster/core/clock';
import { opcodes, rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { encodeMessage, type Message, queryMessage, responseTo } from '@hostmaster/core/dns/wire/message';
import { toRecordSets, toRecords } from '@hostmaster/core/dns/wire/record';
import { signMessage, tsigKey, verifyMessage } from '@hostmaster/core/dns/wire/tsig';
import { afterEach, describe, expect, it } from 'vitest';
import { exchange, exchangeAll, exchangeTcp } from './exchange.ts';
import { type Answer, type LoopbackNameServer, startLoopbackNameServer } from './testing/loopback-name-server.ts';

const name = 'www.example.test';
const answers = toRecords({ name, type: 'A', ttl: 60, values: ['192.0.2.1'] });
const forged = toRecords({ name, type: 'A', ttl: 60, values: ['203.0.113.66'] });
const query = queryMessage(0, name, typeCodes.A);
const key = tsigKey('key', 'hmac-sha256', Buffer.from('secret').toString('base64'));

let server: LoopbackNameServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
const serve = async (answer: Parameters<typeof startLoopbackNameServer>[0]): Promise<LoopbackNameServer> => {
  server = await startLoopbackNameServer(answer);
  return server;
};
const options = (extra: { timeout?: number; attempts?: number } = {}) => ({ signal: AbortSignal.timeout(10_000), ...extra });
const values = (reply: Message) => toRecordSets(reply.answers).flatMap((set) => set.values);

describe('an exchange with one name server', () => {
  it('takes the answer over UDP', async () => {
    const at = await serve((asked) => [responseTo(asked, { answers, authoritative: true })]);
    expect(values(await exchange(at, query, options()))).toEqual(['192.0.2.1']);
    expect(at.asked.map(({ transport }) => transport)).toEqual(['udp']);
  });

  it.each<[string, (forgery: { id: number; good: Uint8Array }) => Answer]>([
    ['another id', ({ id }) => [{ ...responseTo({ ...query, id: id ^ 1 }, { answers: forged }) }]],
    ['another question', ({ id }) => [responseTo({ ...queryMessage(id, 'evil.example.test', typeCodes.A) }, { answers: forged })]],
    ['a question for another type', ({ id }) => [responseTo({ ...queryMessage(id, name, typeCodes.AAAA) }, { answers: forged })]],
    [
      'an answer to something other than a question',
      ({ id }) => [{ ...responseTo({ ...query, id }, { answers: forged }), opcode: opcodes.UPDATE }],
    ],
    ['no question', ({ id }) => [{ ...responseTo({ ...query, id }, { answers: forged }), questions: [] }]],
    ['a query instead of a response', ({ id }) => [{ ...query, id }]],
    ['bytes that are not DNS', () => [Uint8Array.from([1, 2, 3])]],
  ])('ignores %s and waits for the real answer', async (_, forge) => {
    const at = await serve((asked) => [...forge({ id: asked.id, good: asked.wire }), responseTo(asked, { answers })]);
    expect(values(await exchange(at, query, options()))).toEqual(['192.0.2.1']);
  });

  it('asks again under a new id when a datagram is lost', async () => {
    let lost = 0;
    const at = await serve((asked) => (lost++ === 0 ? [] : [responseTo(asked, { answers })]));
    expect(values(await exchange(at, query, options({ timeout: 50, attempts: 5 })))).toEqual(['192.0.2.1']);
    expect(at.asked.length).toBeGreaterThan(1);
  });

  it('asks over TCP in the end when no datagram is answered', async () => {
    const at = await serve((asked, transport) => (transport === 'udp' ? [] : [responseTo(asked, { answers })]));
    expect(values(await exchange(at, query, options({ timeout: 2000 })))).toEqual(['192.0.2.1']);
    expect(at.asked.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
  });

  it('asks over TCP when the answer is cut', async () => {
    const many = toRecords({
      name,
      type: 'TXT',
      ttl: 60,
      values: Array.from({ length: 9 }, (_, index) => `"${String(index).padEnd(250, 'x')}"`),
    });
    const at = await serve((asked) => [responseTo(asked, { answers: many })]);
    const reply = await exchange(at, queryMessage(0, name, typeCodes.TXT), options());
    expect([reply.answers.length, reply.truncated]).toEqual([9, false]);
    expect(at.asked.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
  });

  it('a signature that is wrong over UDP is asked about over TCP, and TCP decides', async () => {
    const at = await serve((asked, transport) => {
      const outcome = verifyMessage(asked, () => key, systemClock);
      if (outcome.status !== 'verified') throw new Error('the request is signed');
      const bytes = encodeMessage(responseTo(asked, { answers: transport === 'udp' ? forged : answers }));
      const requestMac = transport === 'udp' ? new Uint8Array(32) : outcome.mac;
      return [signMessage(bytes, key, systemClock, { requestMac }).bytes];
    });
    expect(values(await exchange(at, query, { ...options(), tsig: { key, clock: systemClock } }))).toEqual(['192.0.2.1']);
  });

  it.each([
    ['unsigned', 'dns-bad-key'],
    ['wrongly signed', 'dns-bad-key'],
  ])('an answer that is %s over TCP too is %s', async (kind, code) => {
    const at = await serve((asked) => {
      const bytes = encodeMessage(responseTo(asked, { answers: forged }));
      return [kind === 'unsigned' ? bytes : signMessage(bytes, key, systemClock, { requestMac: new Uint8Array(32) }).bytes];
    });
    await expect(exchange(at, query, { ...options(), tsig: { key, clock: systemClock } })).rejects.toMatchObject({ code });
  });

  it('silence is dns-unreachable after every attempt', async () => {
    const at = await serve(() => []);
    await expect(exchange(at, query, options({ timeout: 500, attempts: 3 }))).rejects.toMatchObject({ code: 'dns-unreachable' });
    expect(at.asked).toHaveLength(3);
  });

  it('a port where nobody listens is dns-unreachable', async () => {
    const at = await serve(() => []);
    await at.stop();
    server = undefined;
    await expect(exchange(at, query, options())).rejects.toMatchObject({ code: 'dns-unreachable' });
  });

  it('garbage over TCP is dns-malformed', async () => {
    const at = await serve((asked, transport) => [
      transport === 'udp' ? { ...responseTo(asked, {}), truncated: true } : Uint8Array.from([1, 2, 3]),
    ]);
    await expect(exchange(at, query, options())).rejects.toMatchObject({ code: 'dns-malformed' });
  });

  it('the reason of an aborted signal comes out, at once', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const at = await serve(() => {
      controller.abort(reason);
      return [];
    });
    await expect(exchange(at, query, { signal: controller.signal, timeout: 60_000 })).rejects.toBe(reason);
  });

  it('error codes of the server are answers, not errors', async () => {
    const at = await serve((asked) => [responseTo(asked, { rcode: rcodes.REFUSED })]);
    expect((await exchange(at, query, options())).rcode).toBe(rcodes.REFUSED);
  });
});

describe('several questions to one name server', () => {
  const types = ['A', 'AAAA', 'TXT'] as const;
  const queries = types.map((type) => queryMessage(0, name, typeCodes[type]));
  const typesOf = (replies: readonly Message[]) => replies.map((reply) => reply.questions[0]?.type);

  it('go over one connection, and whatever the order of the answers, each is that of its question', async () => {
    const waiting: Message[] = [];
    const at = await serve((asked) => {
      waiting.unshift(responseTo(asked, {}));
      return waiting.length === types.length ? waiting : [];
    });
    expect(typesOf(await exchangeAll(at, queries, options()))).toEqual(types.map((type) => typeCodes[type]));
    expect(at.asked.map(({ transport }) => transport)).toEqual(['tcp', 'tcp', 'tcp']);
  });

  it('are not answered by what was not asked, or twice by the same', async () => {
    const at = await serve((asked) => [responseTo(asked, {}), responseTo(asked, {})]);
    await expect(exchangeAll(at, queries, options())).rejects.toMatchObject({ code: 'dns-malformed' });
  });

  it('are each answered with a signature', async () => {
    const at = await serve((asked) => [responseTo(asked, { answers })]);
    await expect(exchangeAll(at, queries, { ...options(), tsig: { key, clock: systemClock } })).rejects.toMatchObject({
      code: 'dns-bad-key',
    });
  });
});

describe('a name server is never sought where none stands', () => {
  it.each(['169.254.169.254', 'fe80::1', 'fd00:ec2::254', '168.63.129.16', '::ffff:169.254.169.254', '224.0.0.251', '0.0.0.0'])(
    '%s',
    async (address) => {
      const at = { address, port: 53 };
      await expect(exchange(at, query, options({ timeout: 50 }))).rejects.toMatchObject({ code: 'address-forbidden' });
      await expect(exchangeTcp(at, query, options({ timeout: 50 }))).rejects.toMatchObject({ code: 'address-forbidden' });
    },
  );
});
