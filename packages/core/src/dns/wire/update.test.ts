import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyName, anyRecord } from './arbitrary.ts';
import { classCodes, opcodes, rcodes, typeCodes } from './codes.ts';
import { decodeMessage, encodeMessage, message } from './message.ts';
import { parseRdata } from './rdata.ts';
import { type Prerequisite, readUpdate, type Update, updateMessage } from './update.ts';

const name = 'a.example.test';
const type = typeCodes.A;
const data = parseRdata(type, '192.0.2.1');
const through = (prerequisites: readonly Prerequisite[], updates: readonly Update[]) =>
  decodeMessage(encodeMessage(updateMessage(1, 'example.test', prerequisites, updates)));

describe('UPDATE messages', () => {
  // RFC 2136 §2.4.1 to §2.4.5: class, type and RDATA length on the wire (TTL is 0 in all).
  it.each<[string, Prerequisite, number, number, number]>([
    ['an rrset exists', { kind: 'rrset-exists', name, type }, classCodes.ANY, type, 0],
    ['an rrset is exactly', { kind: 'rrset-equals', name, type, data: [data] }, classCodes.IN, type, 4],
    ['an rrset does not exist', { kind: 'rrset-absent', name, type }, classCodes.NONE, type, 0],
    ['a name is in use', { kind: 'name-in-use', name }, classCodes.ANY, typeCodes.ANY, 0],
    ['a name is not in use', { kind: 'name-not-in-use', name }, classCodes.NONE, typeCodes.ANY, 0],
  ])('the prerequisite that %s', (_, prerequisite, recordClass, recordType, length) => {
    const received = through([prerequisite], []);
    expect(received.opcode).toBe(opcodes.UPDATE);
    expect(received.answers.map((record) => [record.name, record.class, record.type, record.ttl, record.data.length])).toEqual([
      [name, recordClass, recordType, 0, length],
    ]);
    const read = readUpdate(received);
    expect(read.ok && read.prerequisites.map(plain)).toEqual([plain(prerequisite)]);
  });

  // RFC 2136 §2.5.1 to §2.5.4.
  it.each<[string, Update, number, number, number, number]>([
    ['adds a record', { kind: 'add', name, type, ttl: 300, data }, classCodes.IN, type, 300, 4],
    ['deletes an rrset', { kind: 'delete-rrset', name, type }, classCodes.ANY, type, 0, 0],
    ['deletes a name', { kind: 'delete-name', name }, classCodes.ANY, typeCodes.ANY, 0, 0],
    ['deletes one record', { kind: 'delete-record', name, type, data }, classCodes.NONE, type, 0, 4],
  ])('the update that %s', (_, update, recordClass, recordType, ttl, length) => {
    const received = through([], [update]);
    expect(received.authorities.map((record) => [record.name, record.class, record.type, record.ttl, record.data.length])).toEqual([
      [name, recordClass, recordType, ttl, length],
    ]);
    const read = readUpdate(received);
    expect(read.ok && read.updates.map(plain)).toEqual([plain(update)]);
  });

  it('exact prerequisites of one rrset are read as one, whatever stands between them', () => {
    const other = parseRdata(type, '192.0.2.2');
    const received = through(
      [
        { kind: 'rrset-equals', name, type, data: [data] },
        { kind: 'rrset-absent', name: 'b.example.test', type },
        { kind: 'rrset-equals', name, type, data: [other] },
      ],
      [],
    );
    const read = readUpdate(received);
    expect(read.ok && read.prerequisites.map(plain)).toEqual([
      plain({ kind: 'rrset-absent', name: 'b.example.test', type }),
      plain({ kind: 'rrset-equals', name, type, data: [data, other] }),
    ]);
  });

  const zone = [{ name: 'example.test', type: typeCodes.SOA, class: classCodes.IN }];
  const record = { name, type, class: classCodes.IN as number, ttl: 0, data };
  it.each([
    ['no zone', { questions: [] }, rcodes.FORMERR],
    ['two zones', { questions: [...zone, ...zone] }, rcodes.FORMERR],
    ['a zone that is not asked for by SOA', { questions: [{ name: 'example.test', type, class: classCodes.IN }] }, rcodes.FORMERR],
    ['a prerequisite outside the zone', { answers: [{ ...record, name: 'evilexample.test' }] }, rcodes.NOTZONE],
    ['an update outside the zone', { authorities: [{ ...record, name: 'other.test' }] }, rcodes.NOTZONE],
    ['a prerequisite with a TTL', { answers: [{ ...record, ttl: 1 }] }, rcodes.FORMERR],
    ['an exact prerequisite of type ANY', { answers: [{ ...record, type: typeCodes.ANY }] }, rcodes.FORMERR],
    ['an absence with data', { answers: [{ ...record, class: classCodes.NONE }] }, rcodes.FORMERR],
    ['a prerequisite of type AXFR', { answers: [{ ...record, type: typeCodes.AXFR }] }, rcodes.FORMERR],
    ['a prerequisite of class CH', { answers: [{ ...record, class: classCodes.CH }] }, rcodes.FORMERR],
    ['adding type ANY', { authorities: [{ ...record, type: typeCodes.ANY }] }, rcodes.FORMERR],
    ['deleting with a TTL', { authorities: [{ ...record, class: classCodes.NONE, ttl: 1 }] }, rcodes.FORMERR],
    ['deleting an rrset with data', { authorities: [{ ...record, class: classCodes.ANY }] }, rcodes.FORMERR],
    ['adding a record of class CH', { authorities: [{ ...record, class: classCodes.CH }] }, rcodes.FORMERR],
  ])('a message with %s is answered with rcode', (_, parts, rcode) => {
    expect(readUpdate(message({ id: 1, opcode: opcodes.UPDATE, questions: zone, ...parts }))).toEqual({ ok: false, rcode });
  });

  it('any records as an UPDATE are read or refused, never an exception', () => {
    fc.assert(
      fc.property(
        anyName,
        fc.array(anyRecord, { maxLength: 5 }),
        fc.array(anyRecord, { maxLength: 5 }),
        (zoneName, answers, authorities) => {
          const questions = [{ name: zoneName, type: typeCodes.SOA, class: classCodes.IN }];
          const read = readUpdate(message({ id: 1, questions, answers, authorities }));
          if (!read.ok) expect([rcodes.FORMERR, rcodes.NOTZONE]).toContain(read.rcode);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** Bytes as hexadecimal, so that views of different buffers compare. */
function plain(value: Prerequisite | Update): unknown {
  if (!('data' in value)) return value;
  const bytes = value.data instanceof Uint8Array ? [value.data] : value.data;
  return { ...value, data: bytes.map((one) => Buffer.from(one).toString('hex')) };
}
