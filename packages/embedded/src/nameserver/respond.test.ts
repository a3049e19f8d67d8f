import { fixedClock } from '@hostmaster/core/clock';
import { anyMessage } from '@hostmaster/core/dns/wire/arbitrary';
import { opcodes, rcodeName, rcodes, tsigErrors, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { decodeMessage, encodeMessage, type Message, message, queryMessage, type ReceivedMessage } from '@hostmaster/core/dns/wire/message';
import { signMessage, streamVerifier, type TsigKey, verifyMessage } from '@hostmaster/core/dns/wire/tsig';
import { updateMessage } from '@hostmaster/core/dns/wire/update';
import { rounds } from '@hostmaster/core/testing/soak';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createResponder, type Respond, type Transport } from './respond.ts';
import { zoneFromText } from './testing/zone-text.ts';
import { planUpdate } from './update.ts';
import type { Zone } from './zone.ts';
import type { ZoneStore } from './zone-store.ts';

const apex = 'example.test';
const clock = fixedClock(new Date('2026-05-01T00:00:00Z'));
const key: TsigKey = {
  name: 'update-key',
  algorithm: 'hmac-sha256',
  secret: Uint8Array.from(Buffer.from('example-only-not-a-secret-32byte')),
};
const { A, AXFR, DS, IXFR, SOA, TXT } = typeCodes;

/** A zone without a disk. */
const inMemory = (zone: Zone): ZoneStore => ({
  zone,
  update: async (prerequisites, updates) => {
    const planned = planUpdate(zone, prerequisites, updates);
    zone.apply(planned.changes);
    return planned.rcode;
  },
  close: async () => undefined,
});

const soa = 'SOA ns1.example.test admin.example.test 7 3600 600 86400 60';
const logged: string[] = [];
let respond: Respond;
let zones: Map<string, ZoneStore>;
beforeEach(() => {
  logged.length = 0;
  const bulk = Array.from({ length: 3000 }, (_, at) => `n${at}.${apex} TXT "${'x'.repeat(40)}"`).join('\n');
  const wide = Array.from({ length: 100 }, (_, at) => `wide.${apex} A 192.0.2.${at}`).join('\n');
  zones = new Map(
    [
      zoneFromText(
        apex,
        `${apex} ${soa}\n${apex} NS ns1.${apex}\nns1.${apex} A 192.0.2.1\nkid.${apex} NS ns1.${apex}\nkid.${apex} DS 1 13 2 abcd\n${bulk}\n${wide}`,
      ),
      zoneFromText(`kid.${apex}`, `kid.${apex} ${soa}\nwww.kid.${apex} A 192.0.2.2`),
    ].map((zone) => [zone.apex, inMemory(zone)]),
  );
  respond = createResponder({ zones, keys: (name) => (name === key.name ? key : undefined), clock, log: (line) => logged.push(line) });
});

async function answers(request: Uint8Array, transport: Transport = 'udp'): Promise<ReceivedMessage[]> {
  return Array.from(await respond(request, transport), (bytes) => decodeMessage(bytes));
}

async function answer(request: Message | Uint8Array, transport: Transport = 'udp'): Promise<ReceivedMessage> {
  const [only, ...more] = await answers(request instanceof Uint8Array ? request : encodeMessage(request), transport);
  if (only === undefined || more.length > 0) throw new Error('one answer was expected');
  return only;
}

const rcodeOf = async (request: Message | Uint8Array, transport?: Transport): Promise<string> =>
  rcodeName((await answer(request, transport)).rcode);
const signed = (request: Message, using = key, at = clock) => signMessage(encodeMessage(request), using, at);
const adding = (zone = apex, name = `new.${zone}`): Message =>
  updateMessage(9, zone, [], [{ kind: 'add', name, type: A, ttl: 60, data: Uint8Array.of(192, 0, 2, 9) }]);

describe('questions', () => {
  it('are echoed in their own case, found without it', async () => {
    const query = {
      ...queryMessage(1, `ns1.${apex}`, A),
      questions: [{ name: `ns1.${apex}`, spelled: 'Ns1.eXample.TEST', type: A, class: 1 }],
    };
    const reply = await answer(query);
    expect(reply).toMatchObject({ id: 1, response: true, authoritative: true, rcode: 0, recursionAvailable: false });
    expect(reply.questions[0]?.spelled).toBe('Ns1.eXample.TEST');
    expect(reply.answers).toHaveLength(1);
  });

  it('copy RD, and never offer recursion', async () => {
    const reply = await answer(queryMessage(1, apex, SOA, { recursionDesired: true }));
    expect(reply).toMatchObject({ recursionDesired: true, recursionAvailable: false, authenticData: false });
  });

  it('for names of nobody here are refused, without authority', async () => {
    for (const name of ['example.net', 'evilexample.test', 'test', '.']) {
      expect(await answer(queryMessage(1, name, A))).toMatchObject({ rcode: rcodes.REFUSED, authoritative: false });
    }
  });

  it('go to the deepest zone, those for a DS to the one above', async () => {
    expect((await answer(queryMessage(1, `www.kid.${apex}`, A))).answers).toHaveLength(1);
    expect((await answer(queryMessage(1, `kid.${apex}`, SOA))).answers[0]?.name).toBe(`kid.${apex}`);
    expect((await answer(queryMessage(1, `kid.${apex}`, DS))).answers[0]?.type).toBe(DS);
    zones.delete(apex);
    expect(await answer(queryMessage(1, `kid.${apex}`, DS))).toMatchObject({ rcode: 0, authoritative: true, answers: [] });
  });

  it.each([
    ['no question: FORMERR', message({ id: 1 }), 'FORMERR'],
    ['two questions: FORMERR', message({ id: 1, questions: [1, 2].map(() => ({ name: apex, type: A, class: 1 })) }), 'FORMERR'],
    ['another class: REFUSED', message({ id: 1, questions: [{ name: apex, type: A, class: 3 }] }), 'REFUSED'],
    ['OPT as a type: NOTIMP', queryMessage(1, apex, typeCodes.OPT), 'NOTIMP'],
    ['TKEY: NOTIMP', queryMessage(1, apex, 249), 'NOTIMP'],
    ['MAILA: NOTIMP', queryMessage(1, apex, 254), 'NOTIMP'],
    ['NOTIFY: NOTIMP', message({ id: 1, opcode: opcodes.NOTIFY, questions: [{ name: apex, type: SOA, class: 1 }] }), 'NOTIMP'],
    ['an opcode that nobody assigned: NOTIMP', message({ id: 1, opcode: 15 }), 'NOTIMP'],
  ] as const)('%s', async (_, request, rcode) => {
    expect(await rcodeOf(request)).toBe(rcode);
  });

  it('that are answers, or too short, get none', async () => {
    expect(await answers(encodeMessage({ ...queryMessage(1, apex, A), response: true }))).toEqual([]);
    expect(await answers(new Uint8Array(11))).toEqual([]);
    expect(await answers(new Uint8Array())).toEqual([]);
  });

  it('that are cut off get FORMERR with their id', async () => {
    const bytes = encodeMessage(queryMessage(4242, apex, A));
    expect(await answer(bytes.subarray(0, bytes.length - 3))).toMatchObject({ id: 4242, response: true, rcode: rcodes.FORMERR });
  });
});

describe('EDNS', () => {
  const edns = (parts: Partial<NonNullable<Message['edns']>>) => ({ udpPayload: 4096, version: 0, dnssecOk: false, options: [], ...parts });

  it('is answered with ours, without options that we do not know', async () => {
    const query = queryMessage(1, apex, SOA, {
      edns: edns({
        options: [
          { code: 10, data: new Uint8Array(8) },
          { code: 65_001, data: Uint8Array.of(1) },
        ],
      }),
    });
    expect((await answer(query)).edns).toEqual({ udpPayload: 1232, version: 0, dnssecOk: false, options: [] });
  });

  it('is not answered to those who did not speak it', async () => {
    expect((await answer(queryMessage(1, apex, SOA, { edns: null }))).edns).toBeNull();
  });

  it('of a later version is BADVERS', async () => {
    const reply = await answer(queryMessage(1, apex, SOA, { edns: edns({ version: 1 }) }));
    expect(reply).toMatchObject({ rcode: rcodes.BADVERS, answers: [] });
    expect(reply.edns?.version).toBe(0);
  });

  it.each([
    ['512 bytes without EDNS', null, 512],
    ['512 bytes for less', edns({ udpPayload: 100 }), 512],
    ['what the asker takes', edns({ udpPayload: 800 }), 800],
    ['what fits every path', edns({ udpPayload: 65_000 }), 1232],
  ])('limits UDP to %s, and TC says that there is more', async (_, spoken, limit) => {
    const query = encodeMessage(queryMessage(1, `wide.${apex}`, A, { edns: spoken }));
    const [bytes] = Array.from(await respond(query, 'udp'));
    expect(bytes?.length).toBeLessThanOrEqual(limit);
    expect(decodeMessage(bytes ?? new Uint8Array())).toMatchObject({ truncated: true, answers: [] });
    expect(await answer(query, 'tcp')).toMatchObject({ truncated: false, answers: { length: 100 } });
  });
});

describe('signatures', () => {
  it('of a question are answered with one', async () => {
    const request = signed(queryMessage(1, apex, SOA));
    const reply = await answer(request.bytes);
    expect(verifyMessage(reply, () => key, clock, request.mac)).toMatchObject({ status: 'verified', error: 0 });
  });

  it('leave room for themselves in a cut answer', async () => {
    const request = signed(queryMessage(1, `wide.${apex}`, A, { edns: null }));
    const [bytes] = Array.from(await respond(request.bytes, 'udp'));
    expect(bytes?.length).toBeLessThanOrEqual(512);
    expect(verifyMessage(decodeMessage(bytes ?? new Uint8Array()), () => key, clock, request.mac).status).toBe('verified');
  });

  const late = fixedClock(new Date('2026-05-01T01:00:00Z'));
  it.each([
    ['an unknown key', signed(adding(), { ...key, name: 'nobody' }), tsigErrors.BADKEY],
    ['another algorithm', signed(adding(), { ...key, algorithm: 'hmac-sha512' }), tsigErrors.BADKEY],
    ['another secret', signed(adding(), { ...key, secret: new Uint8Array(32) }), tsigErrors.BADSIG],
    ['another time', signed(adding(), key, late), tsigErrors.BADTIME],
  ])('with %s are NOTAUTH with the reason, and nothing is done', async (_, request, error) => {
    const reply = await answer(request.bytes);
    expect(reply.rcode).toBe(rcodes.NOTAUTH);
    expect(reply.signature?.error).toBe(error);
    expect(zones.get(apex)?.zone.node(`new.${apex}`)).toBeUndefined();
  });

  it('over other bytes are NOTAUTH', async () => {
    const last = encodeMessage(adding()).length - 1;
    const forged = Uint8Array.from(signed(adding()).bytes);
    forged[last] = (forged[last] ?? 0) ^ 1;
    expect(await answer(forged)).toMatchObject({ rcode: rcodes.NOTAUTH, signature: { error: tsigErrors.BADSIG } });
    expect(zones.get(apex)?.zone.node(`new.${apex}`)).toBeUndefined();
  });
});

describe('updates', () => {
  it('signed are done, and the answer is signed', async () => {
    const request = signed(adding());
    const reply = await answer(request.bytes);
    expect(reply).toMatchObject({ rcode: 0, opcode: opcodes.UPDATE });
    expect(verifyMessage(reply, () => key, clock, request.mac).status).toBe('verified');
    expect((await answer(queryMessage(1, `new.${apex}`, A))).answers).toHaveLength(1);
  });

  it.each([
    ['unsigned: REFUSED', adding(), 'REFUSED'],
    [
      'unsigned with a prerequisite that fails: REFUSED, and nothing is told',
      { ...adding(), answers: updateMessage(1, apex, [{ kind: 'name-in-use', name: `z.${apex}` }], []).answers },
      'REFUSED',
    ],
    ['of a zone that is not here: NOTAUTH', adding('example.net'), 'NOTAUTH'],
    ['of a name within a zone, not its apex: NOTAUTH', adding(`deep.${apex}`), 'NOTAUTH'],
  ] as const)('%s', async (_, request, rcode) => {
    expect(await rcodeOf(request)).toBe(rcode);
  });

  const question = { name: apex, type: SOA, class: 1 };
  const first = adding().authorities[0];
  if (first === undefined) throw new Error('an update has a record');
  const malformed: readonly (readonly [string, Partial<Message>, string])[] = [
    ['no zone', { questions: [] }, 'FORMERR'],
    ['two zones', { questions: [question, question] }, 'FORMERR'],
    ['a zone section that is no SOA', { questions: [{ ...question, type: A }] }, 'FORMERR'],
    ['a name outside the zone', { authorities: [first, { ...first, name: 'new.example.net' }] }, 'NOTZONE'],
    ['a name that only looks inside', { authorities: [{ ...first, name: 'evilexample.test' }] }, 'NOTZONE'],
    [
      'a prerequisite outside the zone',
      { answers: updateMessage(1, apex, [{ kind: 'name-in-use', name: 'example.net' }], []).answers },
      'NOTZONE',
    ],
    ['a prerequisite with a TTL', { answers: [{ ...first, ttl: 1 }] }, 'FORMERR'],
    ['a prerequisite of a class that is none', { answers: [{ ...first, ttl: 0, class: 3 }] }, 'FORMERR'],
    ['an addition of a type for questions only', { authorities: [first, { ...first, type: AXFR, data: new Uint8Array() }] }, 'FORMERR'],
    ['a deletion with data where none belongs', { authorities: [first, { ...first, ttl: 0, class: 255 }] }, 'FORMERR'],
    ['a deletion with a TTL', { authorities: [first, { ...first, class: 254 }] }, 'FORMERR'],
  ];
  it.each(malformed)('signed, with %s: nothing is done', async (_, parts, rcode) => {
    expect(await rcodeOf(signed({ ...adding(), ...parts }).bytes)).toBe(rcode);
    expect(zones.get(apex)?.zone.node(`new.${apex}`)).toBeUndefined();
  });
});

describe('transfers', () => {
  it('over TCP, signed, carry every record from SOA to SOA in messages signed as one stream', async () => {
    const request = signed(queryMessage(5, apex, AXFR, { edns: null }));
    const messages = await answers(request.bytes, 'tcp');
    expect(messages.length).toBeGreaterThan(3);
    const verifier = streamVerifier(key, clock, request.mac);
    for (const part of messages) expect(verifier.accept(part).status).toBe('verified');
    expect(verifier.complete()).toBe(true);
    const records = messages.flatMap((part) => part.answers);
    expect(records[0]?.type).toBe(SOA);
    expect(records.at(-1)?.type).toBe(SOA);
    expect(records).toHaveLength(1 + 1 + 1 + 2 + 3000 + 100 + 1);
    expect(messages.every((part) => part.id === 5 && part.authoritative && !part.truncated && part.rcode === 0)).toBe(true);
  });

  it('show the zone as it was when they began', async () => {
    const stream = await respond(signed(queryMessage(5, apex, AXFR, { edns: null })).bytes, 'tcp');
    const texts: (string | undefined)[] = [];
    for (const bytes of stream) {
      if (texts.length === 0)
        await answer(
          signed({ ...adding(), authorities: [{ name: `n2999.${apex}`, type: typeCodes.ANY, class: 255, ttl: 0, data: new Uint8Array() }] })
            .bytes,
        );
      texts.push(...decodeMessage(bytes).answers.map((record) => (record.type === TXT ? record.name : undefined)));
    }
    expect(zones.get(apex)?.zone.node(`n2999.${apex}`)).toBeUndefined();
    expect(texts).toContain(`n2999.${apex}`);
  });

  it('IXFR is answered with the whole zone over TCP, with the SOA over UDP', async () => {
    const request = signed(queryMessage(5, apex, IXFR, { edns: null }));
    expect((await answers(request.bytes, 'tcp')).length).toBeGreaterThan(3);
    expect((await answer(request.bytes, 'udp')).answers.map((record) => record.type)).toEqual([SOA]);
  });

  it.each([
    ['unsigned over TCP: REFUSED', encodeMessage(queryMessage(1, apex, AXFR)), 'tcp', 'REFUSED'],
    ['IXFR, unsigned: REFUSED', encodeMessage(queryMessage(1, apex, IXFR)), 'tcp', 'REFUSED'],
    ['over UDP: REFUSED', signed(queryMessage(1, apex, AXFR)).bytes, 'udp', 'REFUSED'],
    ['of a name that is no apex: NOTAUTH', signed(queryMessage(1, `ns1.${apex}`, AXFR)).bytes, 'tcp', 'NOTAUTH'],
    ['of a zone that is not here: NOTAUTH', signed(queryMessage(1, 'example.net', AXFR)).bytes, 'tcp', 'NOTAUTH'],
  ] as const)('%s', async (_, request, transport, rcode) => {
    expect(await rcodeOf(request, transport)).toBe(rcode);
  });
});

describe('whatever comes', () => {
  const wellFormedOrNothing = async (request: Uint8Array) => {
    for (const transport of ['udp', 'tcp'] as const) {
      for (const reply of await answers(request, transport)) {
        expect(reply.response).toBe(true);
        expect(reply.id).toBe(((request[0] ?? 0) << 8) | (request[1] ?? 0));
      }
    }
    expect(logged).toEqual([]);
  };

  it('random bytes are answered or dropped, never fatal', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), wellFormedOrNothing), { numRuns: rounds(500, 100_000) });
  });

  it('so are messages of every shape, whole and with a byte changed', async () => {
    const at = fc.integer({ min: 0, max: 1000 });
    await fc.assert(
      fc.asyncProperty(anyMessage, at, fc.integer({ min: 0, max: 255 }), async (shape, position, value) => {
        const bytes = Uint8Array.from(encodeMessage({ ...shape, response: false }));
        await wellFormedOrNothing(bytes);
        bytes[position % bytes.length] = value;
        await wellFormedOrNothing(bytes);
      }),
      { numRuns: rounds(300, 100_000) },
    );
  });

  it('so are signed updates of every shape, and the zone keeps its SOA', async () => {
    await fc.assert(
      fc.asyncProperty(anyMessage, async (shape) => {
        const questions = [{ name: apex, type: SOA, class: 1 }];
        const within = (records: Message['answers']) =>
          records.map((record) => ({ ...record, name: record.name === '.' ? apex : `${record.name.slice(0, 100)}.${apex}` }));
        const request = {
          ...shape,
          response: false,
          opcode: opcodes.UPDATE,
          questions,
          answers: [],
          authorities: within(shape.authorities),
          additionals: [],
        };
        let bytes: Uint8Array;
        try {
          bytes = signed(request).bytes;
        } catch {
          return; // A name that was cut within an escape.
        }
        await wellFormedOrNothing(bytes);
        expect(zones.get(apex)?.zone.soa.values).toHaveLength(1);
        await answers(signed(queryMessage(5, apex, AXFR)).bytes, 'tcp');
      }),
      { numRuns: 30 },
    );
  });
});
