// Where dns-packet, held against our codec, reads or writes something else than the RFCs say. Every row is asserted, so that
// a release that mends one is noticed; what both agree on is in dns-packet.test.ts. These rows are why production does not
// use it: see docs/adr/0002-own-dns-wire-format.md.
import dnsPacket from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../../errors.ts';
import { classCodes, rcodeName, typeCodes } from './codes.ts';
import { decodeMessage, encodeMessage, message, queryMessage } from './message.ts';
import { parseRdata, presentRdata } from './rdata.ts';
import { updateMessage } from './update.ts';

/** Its types know fewer classes and record types than its code. */
const theirEncode = (packet: unknown): Buffer => dnsPacket.encode(packet as dnsPacket.Packet);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What a piece of work answers, or how it refuses. */
function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof HostmasterError ? error.code : `throws ${error instanceof Error ? error.message : error}`;
  }
}

const header = (answers: number, additionals = 0) => `00008000${['0000', answers, '0000', additionals].map(count4).join('')}`;
const count4 = (count: number | string) => (typeof count === 'string' ? count : count.toString(16).padStart(4, '0'));
const fromHex = (...parts: string[]) => Buffer.from(parts.join(''), 'hex');
/** One answer at the root, of class IN and TTL 0 unless told otherwise. */
const answerHex = (type: number, rdata: string, { rdlength = rdata.length / 2, recordClass = 1, seconds = '00000000' } = {}) =>
  fromHex(header(1), '00', count4(type), count4(recordClass), seconds, count4(rdlength), rdata);
const optHex = (rdata: string, { rdlength = rdata.length / 2, extendedRcode = '00' } = {}) =>
  `00${count4(typeCodes.OPT)}04d0${extendedRcode}000000${count4(rdlength)}${rdata}`;

type TheirRecord = { name: string; class: string; ttl: number; flush: boolean; data: unknown };
type TheirMessage = {
  rcode: string;
  answers: TheirRecord[];
  authorities: TheirRecord[];
  additionals: { options: unknown }[];
};
const theirMessageOf = (wire: Uint8Array): TheirMessage => {
  const decoded: unknown = dnsPacket.decode(Buffer.from(wire));
  return decoded as TheirMessage;
};
const theirAnswer = (wire: Uint8Array) => theirMessageOf(wire).answers[0];
const ourAnswer = (wire: Uint8Array) => decodeMessage(wire).answers[0];
const ourValue = (wire: Uint8Array) => decodeMessage(wire).answers.map(({ type, data }) => presentRdata(type, data))[0];
/** The class that stands in the only answer of an encoded message whose owner is the root. */
const classIn = (wire: Buffer) => wire.readUInt16BE(15);
const asked = (name: string) => encodeMessage(queryMessage(0, name, typeCodes.A));
const theyAsk = (name: string) => hex(theirEncode({ questions: [{ name, type: 'A' }] })).slice(24);

type Divergence = {
  readonly what: string;
  /** Where the right behaviour is written. */
  readonly source: string;
  readonly theirs: () => unknown;
  readonly theySay: unknown;
  readonly ours: () => unknown;
  readonly weSay: unknown;
};

const noneClass = answerHex(typeCodes.ANY, '', { recordClass: classCodes.NONE });
const privateClass = answerHex(typeCodes.A, 'c0000201', { recordClass: 0x8001 });
const shortUpdate = encodeMessage(updateMessage(0, 'test', [], [{ kind: 'delete-rrset', name: 'a.test', type: typeCodes.A }]));
const a64 = 'a'.repeat(64);
const long = Array.from({ length: 5 }, () => 'a'.repeat(63)).join('.');
const dotInLabel = fromHex(header(1), '03612e62', '00', '0001', '0001', '00000000', '0004', 'c0000201');
const highByteInLabel = fromHex(header(1), '01ff', '00', '0001', '0001', '00000000', '0004', 'c0000201');
const longTtl = answerHex(typeCodes.A, 'c0000201', { seconds: '80000001' });
const sha384 = 'ab'.repeat(48);

const divergences: readonly Divergence[] = [
  {
    what: 'writes class NONE as 0',
    source: 'RFC 2136 §2.4.3',
    theirs: () => classIn(theirEncode({ answers: [{ name: '.', type: 'ANY', class: 'NONE', ttl: 0, data: Buffer.alloc(0) }] })),
    theySay: 0,
    ours: () =>
      classIn(
        Buffer.from(
          encodeMessage(
            message({ id: 0, answers: [{ name: '.', type: typeCodes.ANY, class: classCodes.NONE, ttl: 0, data: new Uint8Array() }] }),
          ),
        ),
      ),
    weSay: 254,
  },
  {
    what: 'reads class NONE as a class that it writes as 0',
    source: 'RFC 2136 §2.4.3',
    theirs: () => [theirAnswer(noneClass)?.class, classIn(theirEncode(theirMessageOf(noneClass)))],
    theySay: ['UNKNOWN_254', 0],
    ours: () => [ourAnswer(noneClass)?.class, classIn(Buffer.from(encodeMessage(decodeMessage(noneClass))))],
    weSay: [254, 254],
  },
  {
    what: 'takes the top bit of a class for the cache-flush bit of multicast DNS',
    source: 'RFC 6895 §3.2; RFC 6762 §10.2 is for multicast alone',
    theirs: () => [theirAnswer(privateClass)?.class, theirAnswer(privateClass)?.flush],
    theySay: ['IN', true],
    ours: () => ourAnswer(privateClass)?.class,
    weSay: 0x8001,
  },
  {
    what: 'reads past an empty RDATA',
    source: 'RFC 2136 §2.5.2',
    theirs: () => theirMessageOf(shortUpdate).authorities[0]?.data,
    theySay: 'undefined.undefined.undefined.undefined',
    ours: () => decodeMessage(shortUpdate).authorities.map(({ data }) => data.length),
    weSay: [0],
  },
  {
    what: 'writes an address where RDATA is to be empty',
    source: 'RFC 2136 §2.5.2',
    theirs: () => hex(theirEncode({ authorities: [{ name: 'a.test', type: 'A', class: 'ANY', ttl: 0, data: '' }] })).slice(-28),
    theySay: '000100ff00000000000400000000',
    ours: () => hex(shortUpdate).slice(-20),
    weSay: '000100ff000000000000',
  },
  {
    what: 'does not look at the length of an A record',
    source: 'RFC 1035 §3.2.1, §3.4.1',
    theirs: () => theirAnswer(answerHex(typeCodes.A, 'c000020101'))?.data,
    theySay: '192.0.2.1',
    ours: () => ourAnswer(answerHex(typeCodes.A, 'c000020101')),
    weSay: 'dns-malformed',
  },
  {
    what: 'ignores what follows after the last record',
    source: 'RFC 1035 §4.1',
    theirs: () => theirAnswer(fromHex(hex(answerHex(typeCodes.A, 'c0000201')), 'ff'))?.data,
    theySay: '192.0.2.1',
    ours: () => ourAnswer(fromHex(hex(answerHex(typeCodes.A, 'c0000201')), 'ff')),
    weSay: 'dns-malformed',
  },
  {
    what: 'writes a label of 64 bytes, whose length means something else',
    source: 'RFC 1035 §2.3.4, §4.1.4',
    theirs: () => theyAsk(a64).slice(0, 4),
    theySay: '4061',
    ours: () => asked(a64),
    weSay: 'invalid-input',
  },
  {
    what: 'writes a name over 255 bytes',
    source: 'RFC 1035 §2.3.4',
    theirs: () => theyAsk(long).length / 2,
    theySay: 321 + 4,
    ours: () => asked(long),
    weSay: 'invalid-input',
  },
  {
    what: 'ends a name at an empty label',
    source: 'RFC 1035 §3.1',
    theirs: () => theyAsk('a..b').slice(0, 6),
    theySay: '016100',
    ours: () => asked('a..b'),
    weSay: 'invalid-input',
  },
  {
    what: 'reads a dot inside a label as the end of the label',
    source: 'RFC 1035 §5.1, RFC 2181 §11',
    theirs: () => theirAnswer(dotInLabel)?.name,
    theySay: 'a.b',
    ours: () => ourAnswer(dotInLabel)?.name,
    weSay: 'a\\.b',
  },
  {
    what: 'loses the bytes of a label that are not UTF-8',
    source: 'RFC 2181 §11',
    theirs: () => theirAnswer(highByteInLabel)?.name,
    theySay: '\ufffd',
    ours: () => ourAnswer(highByteInLabel)?.name,
    weSay: '\\255',
  },
  {
    what: 'loses the bytes of a character string that are not UTF-8',
    source: 'RFC 1035 §3.3',
    theirs: () => theirAnswer(answerHex(typeCodes.CAA, '000161ff'))?.data,
    theySay: { flags: 0, tag: 'a', value: '\ufffd', issuerCritical: false },
    ours: () => ourValue(answerHex(typeCodes.CAA, '000161ff')),
    weSay: '0 a "\\255"',
  },
  {
    what: 'writes a text of 256 bytes behind a length of 0',
    source: 'RFC 1035 §3.3',
    theirs: () => hex(theirEncode({ answers: [{ name: '.', type: 'TXT', data: Buffer.alloc(256, 0x61) }] })).slice(42, 50),
    theySay: '01010061',
    ours: () => parseRdata(typeCodes.TXT, `"${'a'.repeat(256)}"`),
    weSay: 'invalid-input',
  },
  {
    what: 'reads a TXT record without a string',
    source: 'RFC 1035 §3.3.14',
    theirs: () => theirAnswer(answerHex(typeCodes.TXT, ''))?.data,
    theySay: [],
    ours: () => ourAnswer(answerHex(typeCodes.TXT, '')),
    weSay: 'dns-malformed',
  },
  {
    what: 'takes a TTL with the top bit set for 68 years',
    source: 'RFC 2181 §8',
    theirs: () => theirAnswer(longTtl)?.ttl,
    theySay: 0x80000001,
    ours: () => ourAnswer(longTtl)?.ttl,
    weSay: 0,
  },
  {
    what: 'reads no fingerprint of a hash that it does not know',
    source: 'RFC 4255 §3.1.2',
    theirs: () => theirAnswer(answerHex(typeCodes.SSHFP, `0403${sha384}`))?.data,
    theySay: { algorithm: 4, hash: 3, fingerprint: '' },
    ours: () => ourValue(answerHex(typeCodes.SSHFP, `0403${sha384}`)),
    weSay: `4 3 ${sha384}`,
  },
  {
    what: 'writes no fingerprint of a hash that it does not know',
    source: 'RFC 4255 §3.1.2',
    theirs: () => theirEncode({ answers: [{ name: '.', type: 'SSHFP', data: { algorithm: 4, hash: 3, fingerprint: sha384 } }] }),
    theySay: 'throws Invalid fingerprint length',
    ours: () => hex(parseRdata(typeCodes.SSHFP, `4 3 ${sha384}`)),
    weSay: `0403${sha384}`,
  },
  {
    what: 'drops the other bits of a critical CAA flag when it writes what it has read',
    source: 'RFC 8659 §4.1: reserved for future use',
    theirs: () => hex(theirEncode(theirMessageOf(answerHex(typeCodes.CAA, '810161'))).subarray(-3)),
    theySay: '800161',
    ours: () => hex(encodeMessage(decodeMessage(answerHex(typeCodes.CAA, '810161'))).subarray(-3)),
    weSay: '810161',
  },
  {
    what: 'writes a UDP payload of 0 as 4096',
    source: 'RFC 6891 §6.2.3: below 512 is read as 512',
    theirs: () => theirEncode({ additionals: [{ name: '.', type: 'OPT', udpPayloadSize: 0 }] }).readUInt16BE(15),
    theySay: 4096,
    ours: () =>
      decodeMessage(encodeMessage(message({ id: 0, edns: { udpPayload: 0, version: 0, dnssecOk: false, options: [] } }))).edns?.udpPayload,
    weSay: 0,
  },
  {
    what: 'leaves the upper bits of an RCODE out',
    source: 'RFC 6891 §6.1.3',
    theirs: () => theirMessageOf(fromHex(header(0, 1), optHex('', { extendedRcode: '01' }))).rcode,
    theySay: 'NOERROR',
    ours: () => rcodeName(decodeMessage(fromHex(header(0, 1), optHex('', { extendedRcode: '01' }))).rcode),
    weSay: 'BADVERS',
  },
  {
    what: 'reads two OPT records',
    source: 'RFC 6891 §6.1.1',
    theirs: () => theirMessageOf(fromHex(header(0, 2), optHex(''), optHex(''))).additionals.length,
    theySay: 2,
    ours: () => decodeMessage(fromHex(header(0, 2), optHex(''), optHex(''))),
    weSay: 'dns-malformed',
  },
  {
    what: 'reads an EDNS option that runs out of its OPT record',
    source: 'RFC 6891 §6.1.2',
    theirs: () => theirMessageOf(fromHex(header(0, 1), optHex('000a000800', { rdlength: 5 }))).additionals.length,
    theySay: 1,
    ours: () => decodeMessage(fromHex(header(0, 1), optHex('000a000800', { rdlength: 5 }))),
    weSay: 'dns-malformed',
  },
];

describe('where dns-packet differs, which keeps it out of production', () => {
  // A row that fails after an upgrade has been mended there: move it up into what both must agree on.
  it.each(divergences)('it $what ($source)', ({ theirs, theySay, ours, weSay }) => {
    expect(outcome(theirs)).toEqual(theySay);
    expect(outcome(ours)).toEqual(weSay);
  });
});
