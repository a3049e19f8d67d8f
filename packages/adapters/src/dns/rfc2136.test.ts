import { systemClock } from '@hostmaster/core/clock';
import { readBack } from '@hostmaster/core/dns/read-back';
import type { RecordSetChange } from '@hostmaster/core/dns/record-set';
import { opcodes, rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { encodeMessage, type Message, type ReceivedMessage, responseTo } from '@hostmaster/core/dns/wire/message';
import { toRecords } from '@hostmaster/core/dns/wire/record';
import { readUpdate } from '@hostmaster/core/dns/wire/update';
import { wholeZone } from '@hostmaster/core/dns/zone-parts';
import { errorTable } from '@hostmaster/core/error-table';
import { afterEach, describe, expect, it } from 'vitest';
import { createRfc2136Provider, rfc2136 } from './rfc2136.ts';
import { partsOf } from './rfc2136-parts.ts';
import { type LoopbackNameServer, startLoopbackNameServer } from './testing/loopback-name-server.ts';

const zone = 'example.test';
const create = (name: string, value = '192.0.2.1'): RecordSetChange => ({
  name,
  type: 'A',
  before: null,
  after: { name, type: 'A', ttl: 60, values: [value] },
});
const change = create(`a.${zone}`);
const soa = toRecords({ name: zone, type: 'SOA', ttl: 60, values: [`ns1.${zone} hostmaster.${zone} 7 1 1 1 1`] });
const a = toRecords({ name: `a.${zone}`, type: 'A', ttl: 60, values: ['192.0.2.1'] });
const laterSoa = toRecords({ name: zone, type: 'SOA', ttl: 60, values: [`ns1.${zone} hostmaster.${zone} 8 1 1 1 1`] });
const outside = toRecords({ name: 'a.example.net', type: 'A', ttl: 60, values: ['192.0.2.1'] });
const lookalike = toRecords({ name: `x${zone}`, type: 'A', ttl: 60, values: ['192.0.2.1'] });

let server: LoopbackNameServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
async function against(answer: Parameters<typeof startLoopbackNameServer>[0], timeout = 5000) {
  server = await startLoopbackNameServer(answer);
  return createRfc2136Provider({ zone, server, tsig: null, clock: systemClock, timeout });
}
const signal = () => AbortSignal.timeout(10_000);

describe('what a server says to an update', () => {
  it.each([
    ['FORMERR', 'dns-refused'],
    ['SERVFAIL', 'dns-server-failed'],
    ['NXDOMAIN', 'plan-stale'],
    ['NOTIMP', 'unsupported'],
    ['REFUSED', 'dns-not-served'],
    ['YXDOMAIN', 'plan-stale'],
    ['YXRRSET', 'plan-stale'],
    ['NXRRSET', 'plan-stale'],
    ['NOTAUTH', 'dns-not-served'],
    ['NOTZONE', 'invalid-input'],
  ] as const)('%s is %s', async (rcode, code) => {
    const provider = await against((asked) => [responseTo(asked, { rcode: rcodes[rcode] })]);
    await expect(provider.apply([change], signal())).rejects.toMatchObject({ code });
  });

  it.each([
    ['SERVFAIL', 'dns-server-failed'],
    ['REFUSED', 'dns-not-served'],
  ] as const)('%s to a question is %s', async (rcode, code) => {
    const provider = await against((asked) => [responseTo(asked, { rcode: rcodes[rcode] })]);
    await expect(provider.readName(change.name, signal())).rejects.toMatchObject({ code });
    await expect(wholeZone(provider.readZone(signal()))).rejects.toMatchObject({ code });
  });

  it.each(['REFUSED', 'NOTAUTH', 'FORMERR'] as const)('%s of a server that answers for the zone is about what was asked', async (rcode) => {
    const provider = await against((asked) => {
      const [question] = asked.questions;
      const forSoa = asked.opcode === opcodes.QUERY && question?.type === typeCodes.SOA;
      return [responseTo(asked, forSoa ? { authoritative: true, answers: soa } : { rcode: rcodes[rcode] })];
    });
    for (const call of [
      provider.apply([change], signal()),
      wholeZone(provider.readZone(signal())),
      provider.readName(change.name, signal()),
    ])
      await expect(call).rejects.toMatchObject({ code: 'dns-refused' });
  });

  it('and of one that does not, neither the key nor its rights are blamed', async () => {
    const provider = await against((asked) => [responseTo(asked, { rcode: rcodes.REFUSED })]);
    await expect(provider.readName(zone, signal())).rejects.toMatchObject({
      code: 'dns-not-served',
      message: expect.stringMatching(/does not serve the zone example\.test: it answered REFUSED to the question for its SOA\.$/),
    });
    const { checks } = rfc2136;
    const about = { zone, suffixes: [], settings: { tsig: { name: 'k', algorithm: 'hmac-sha256' as const } } };
    expect(checks.map(({ remedy }) => Reflect.apply(remedy, null, ['dns-not-served', about]))).toEqual([null, null, null]);
    expect(errorTable['dns-not-served'].remedy).not.toMatch(/key|update policy/);
  });

  it('a yes that changed nothing is dns-not-applied on reading back', async () => {
    const provider = await against((asked) => [responseTo(asked, { authoritative: true })]);
    await provider.apply([change], signal());
    await expect(readBack(provider, [change], signal())).rejects.toMatchObject({ code: 'dns-not-applied' });
  });

  it('no answer within the deadline is dns-unreachable, and the update is sent once only', async () => {
    const provider = await against(() => [], 100);
    await expect(provider.apply([change], signal())).rejects.toMatchObject({ code: 'dns-unreachable' });
    expect(server?.asked).toHaveLength(1);
  });

  it('a connection closed instead of an answer is dns-unreachable', async () => {
    const provider = await against(() => {
      void server?.stop();
      return [];
    });
    await expect(provider.apply([change], signal())).rejects.toMatchObject({ code: 'dns-unreachable' });
    server = undefined;
  });

  it('a dead port is dns-unreachable', async () => {
    const provider = await against(() => []);
    await server?.stop();
    server = undefined;
    const calls = [provider.apply([change], signal()), provider.readName(zone, signal()), wholeZone(provider.readZone(signal()))];
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes).toEqual(calls.map(() => expect.objectContaining({ reason: expect.objectContaining({ code: 'dns-unreachable' }) })));
  });

  it('when a later part fails, the error says how much was written', async () => {
    let updates = 0;
    const provider = await against((asked) => {
      if (asked.authorities.length > 0) updates += 1;
      return [responseTo(asked, { rcode: updates === 2 ? rcodes.SERVFAIL : rcodes.NOERROR })];
    });
    const many = Array.from({ length: 1001 }, (_, index) => create(`n${index}.${zone}`));
    await expect(provider.apply(many, signal())).rejects.toMatchObject({
      code: 'dns-server-failed',
      message: expect.stringContaining('1 of 3 parts'),
    });
  });
});

it('a change in several parts is held against the zone as a whole before any of it is written', async () => {
  const taken = ({ answers }: ReceivedMessage) => answers.some(({ name }) => name === `n1000.${zone}`);
  const provider = await against((asked) => [responseTo(asked, { rcode: taken(asked) ? rcodes.YXRRSET : rcodes.NOERROR })]);
  const many = Array.from({ length: 1001 }, (_, index) => create(`n${index}.${zone}`));
  await expect(provider.apply(many, signal())).rejects.toMatchObject({ code: 'plan-stale' });
  expect(server?.asked.map(({ message }) => message.authorities.length)).toEqual([0, 0, 0]);
});

describe('a transfer', () => {
  const part = (asked: ReceivedMessage, answers: Message['answers']) => responseTo(asked, { authoritative: true, answers });

  it('that is malformed names the record at fault', async () => {
    const provider = await against((asked) => [part(asked, [...soa, ...outside, ...soa])]);
    await expect(wholeZone(provider.readZone(signal()))).rejects.toMatchObject({ message: expect.stringContaining('a.example.net A') });
  });

  it('may come in several messages', async () => {
    const provider = await against((asked) => [part(asked, soa), part(asked, a), part(asked, soa)]);
    expect(await wholeZone(provider.readZone(signal()))).toMatchObject({ serial: 7, recordSets: [{ name: `a.${zone}` }, { type: 'SOA' }] });
  });

  it.each<[string, (asked: ReceivedMessage) => Message[], string]>([
    ['that does not begin with the SOA', (asked) => [part(asked, [...a, ...soa])], 'dns-malformed'],
    ['that goes on after its end', (asked) => [part(asked, [...soa, ...soa, ...a])], 'dns-malformed'],
    ['with a record outside the zone', (asked) => [part(asked, [...soa, ...outside, ...soa])], 'dns-malformed'],
    [
      'with a record of another class',
      (asked) => [part(asked, [...soa, ...a.map((one) => ({ ...one, class: 3 })), ...soa])],
      'dns-malformed',
    ],
    ['with a record at a name that only ends like the zone', (asked) => [part(asked, [...soa, ...lookalike, ...soa])], 'dns-malformed'],
    ['that ends with the SOA of a later version', (asked) => [part(asked, [...soa, ...a, ...laterSoa])], 'dns-malformed'],
    ['with an empty message', (asked) => [part(asked, soa), part(asked, [])], 'dns-malformed'],
    ['under another id', (asked) => [{ ...part(asked, [...soa, ...soa]), id: asked.id ^ 1 }], 'dns-malformed'],
    ['that is refused half way', (asked) => [part(asked, soa), responseTo(asked, { rcode: rcodes.SERVFAIL })], 'dns-server-failed'],
  ])('%s is an error', async (_, answer, code) => {
    const provider = await against(answer);
    await expect(wholeZone(provider.readZone(signal()))).rejects.toMatchObject({ code });
  });

  it('cut off in the middle of a message is dns-unreachable', async () => {
    const provider = await against((asked) => {
      setImmediate(() => void server?.stop());
      return [encodeMessage(part(asked, [...soa, ...a]))];
    });
    await expect(wholeZone(provider.readZone(signal()))).rejects.toMatchObject({ code: 'dns-unreachable' });
    server = undefined;
  });
});

describe('reading a name', () => {
  it('leaves out what an alias at it leads to', async () => {
    const alias = { name: `a.${zone}`, type: 'CNAME' as const, ttl: 60, values: [`b.${zone}`] };
    const chain = [...toRecords(alias), ...toRecords({ name: `b.${zone}`, type: 'A', ttl: 60, values: ['192.0.2.1'] })];
    const provider = await against((asked) => {
      if (asked.opcode === opcodes.UPDATE) return [responseTo(asked, {})];
      return [responseTo(asked, { authoritative: true, answers: asked.questions[0]?.name === alias.name ? chain : soa })];
    });
    expect(await provider.readName(alias.name, signal())).toEqual([alias]);
  });

  it('leaves out what a wildcard answers with', async () => {
    const provider = await against((asked) => {
      if (asked.opcode === opcodes.UPDATE) return [responseTo(asked, { rcode: rcodes.NXDOMAIN })];
      return [responseTo(asked, { authoritative: true, answers: asked.questions[0]?.type === typeCodes.A ? a : [] })];
    });
    expect(await provider.readName(`a.${zone}`, signal())).toEqual([]);
  });
});

describe('the parts of an update', () => {
  it('hold at most 500 records each, and every name whole', () => {
    const changes = Array.from({ length: 300 }, (_, index) => [
      create(`n${index}.${zone}`),
      { ...create(`n${index}.${zone}`), type: 'TXT' as const },
    ])
      .flat()
      .map(
        (one): RecordSetChange =>
          one.type === 'TXT' ? { ...one, after: { name: one.name, type: 'TXT', ttl: 1, values: ['"x"', '"y"'] } } : one,
      );
    const parts = partsOf(zone, changes);
    expect(parts.map((part) => part.records)).toEqual([498, 402]);
    const single = Array.from({ length: 1000 }, (_, index) => create(`n${index}.${zone}`));
    expect(partsOf(zone, single).map((part) => part.records)).toEqual([500, 500]);
    const names = parts.map((part) => new Set(part.updates.map((update) => update.name)));
    expect(names.flatMap((set) => [...set])).toHaveLength(300);
  });

  it('hold a new record against an alias at its name, which servers would let stand beside it without a word', () => {
    const [part] = partsOf(zone, [change]);
    expect(part?.prerequisites).toEqual([
      { kind: 'rrset-absent', name: change.name, type: typeCodes.A },
      { kind: 'rrset-absent', name: change.name, type: typeCodes.CNAME },
    ]);
  });

  it('fit into a message, whatever their data', async () => {
    const text = `"${'x'.repeat(255)}" `.repeat(8).trim();
    const changes = Array.from({ length: 100 }, (_, index): RecordSetChange => {
      const name = `n${index}.${zone}`;
      return { name, type: 'TXT', before: null, after: { name, type: 'TXT', ttl: 1, values: [text] } };
    });
    const provider = await against((asked) => [responseTo(asked, {})]);
    await provider.apply(changes, signal());
    const written = server?.asked.flatMap(({ message }) => {
      const read = readUpdate(message);
      return read.ok ? read.updates : [];
    });
    expect(written).toHaveLength(100);
    for (const { message } of server?.asked ?? []) expect(message.wire.length).toBeLessThan(65_000);
  });
});
