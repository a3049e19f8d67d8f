import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditRecord, auditHash, type ChainedRecord, followChain, genesisHash } from './chain.ts';

const start: { readonly seq: bigint; readonly hash: Uint8Array } = { seq: 0n, hash: genesisHash };

function chain(count: number): ChainedRecord[] {
  const records: ChainedRecord[] = [];
  let previous: Uint8Array = genesisHash;
  for (let n = 1; n <= count; n += 1) {
    const record: AuditRecord = {
      seq: BigInt(n),
      at: new Date(Date.UTC(2026, 0, 1, 0, 0, n)),
      actorKind: 'person',
      actorId: 'a1',
      actorName: 'Ada Park',
      action: 'request.create',
      subjectKind: 'request',
      subjectId: `r${n}`,
      subject: `orders-${n}.dev.example.test`,
      detail: { number: n, groups: ['security-reviewer'], reason: null },
    };
    const hash = auditHash(previous, record);
    records.push({ ...record, previous, hash });
    previous = hash;
  }
  return records;
}
const at = (records: readonly ChainedRecord[], index: number): ChainedRecord => {
  const record = records[index];
  if (record === undefined) throw new Error(`no record ${index}`);
  return record;
};

describe('the audit chain', () => {
  it('begins with 32 zero octets and is a SHA-256', () => {
    expect(genesisHash).toEqual(new Uint8Array(32));
    expect(auditHash(genesisHash, at(chain(1), 0))).toHaveLength(32);
  });

  it('is over the hash before and the canonical text of the event: stored events must stay verifiable', () => {
    const text =
      '{"action":"request.create","actorId":"a1","actorKind":"person","actorName":"Ada Park","at":"2026-01-01T00:00:01.000Z",' +
      '"detail":{"groups":["security-reviewer"],"number":1,"reason":null},"seq":"1","subject":"orders-1.dev.example.test",' +
      '"subjectId":"r1","subjectKind":"request"}';
    const expected = createHash('sha256').update(new Uint8Array(32)).update(text, 'utf8').digest('hex');
    expect(Buffer.from(at(chain(1), 0).hash).toString('hex')).toBe(expected);
  });

  it('covers from where somebody acted, where that is known', () => {
    const [{ previous, hash: _, ...known }] = chain(1) as [ChainedRecord];
    const from = { ...known, sessionId: 's1', address: '192.0.2.1' };
    const head = auditHash(previous, from);
    expect(auditHash(previous, { ...known, sessionId: null, address: null })).toEqual(auditHash(previous, known));
    for (const other of [known, { ...from, address: '192.0.2.2' }, { ...from, sessionId: null }])
      expect(auditHash(previous, other)).not.toEqual(head);
    const text =
      '{"action":"request.create","actorId":"a1","actorKind":"person","actorName":"Ada Park","address":"192.0.2.1",' +
      '"at":"2026-01-01T00:00:01.000Z","detail":{"groups":["security-reviewer"],"number":1,"reason":null},"seq":"1","sessionId":"s1",' +
      '"subject":"orders-1.dev.example.test","subjectId":"r1","subjectKind":"request"}';
    expect(Buffer.from(head).toString('hex')).toBe(createHash('sha256').update(previous).update(text, 'utf8').digest('hex'));
  });

  it('is followed in one go or in parts of any size, with the same head', () => {
    const records = chain(20);
    const whole = followChain(start, records);
    expect(whole).toEqual({ head: { seq: 20n, hash: at(records, 19).hash }, broken: null });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 12 }), (sizes) => {
        let head: typeof start = start;
        let from = 0;
        for (const size of [...sizes, 20]) {
          const step = followChain(head, records.slice(from, from + size));
          expect(step.broken).toBeNull();
          head = step.head;
          from += size;
        }
        expect(head).toEqual(whole.head);
      }),
      { numRuns: 100 },
    );
  });

  it('an empty part leaves the head where it was', () => expect(followChain(start, [])).toEqual({ head: start, broken: null }));

  const changes: readonly (readonly [string, Partial<ChainedRecord>])[] = [
    ['time', { at: new Date(0) }],
    ['actor kind', { actorKind: 'service' }],
    ['actor', { actorId: 'b2' }],
    ['name', { actorName: 'Eve' }],
    ['action', { action: 'request.approve' }],
    ['kind of subject', { subjectKind: 'zone' }],
    ['subject', { subjectId: 'r9' }],
    ["subject's name", { subject: 'other.example.test' }],
    ['detail', { detail: { number: 3, groups: ['security-reviewer'], reason: '' } }],
  ];
  it.each(changes)('a changed %s shows at the event', (_, change) => {
    const records = chain(5);
    records[2] = { ...at(records, 2), ...change };
    expect(followChain(start, records)).toEqual({
      head: { seq: 2n, hash: at(records, 1).hash },
      broken: { seq: 3n, reason: 'its content does not match its hash' },
    });
  });

  it('a change whose hash was made anew shows at the event after it', () => {
    const records = chain(5);
    const forged = { ...at(records, 2), actorName: 'Eve' };
    const { previous, hash: _, ...record } = forged;
    records[2] = { ...forged, hash: auditHash(previous, record) };
    expect(followChain(start, records).broken).toEqual({ seq: 4n, reason: 'it does not name the hash of the event before it' });
  });

  it.each([
    ['removed', (records: ChainedRecord[]) => records.splice(2, 1), { seq: 4n, reason: 'event 3 is missing' }],
    ['removed at the beginning', (records: ChainedRecord[]) => records.shift(), { seq: 2n, reason: 'event 1 is missing' }],
    ['doubled', (records: ChainedRecord[]) => records.splice(2, 0, at(records, 1)), { seq: 2n, reason: 'event 3 is missing' }],
    ['put before another', (records: ChainedRecord[]) => records.reverse(), { seq: 5n, reason: 'event 1 is missing' }],
  ])('an event that was %s shows', (_, spoil, broken) => {
    const records = chain(5);
    spoil(records);
    expect(followChain(start, records).broken).toEqual(broken);
  });
});
