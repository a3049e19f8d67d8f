import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OtherRecordSet } from './record-set.ts';
import { joinedSets, wholeZone } from './zone-parts.ts';

const record = fc.record({
  name: fc.constantFrom('a.test', 'b.test'),
  type: fc.constantFrom('A', 'TXT', 'HTTPS'),
  ttl: fc.integer({ min: 0, max: 9 }),
  value: fc.constantFrom('1', '2', '3', '4'),
});
const inPieces = (records: readonly { name: string; type: string; ttl: number; value: string }[]): OtherRecordSet[] =>
  records.map(({ value, ...one }) => ({ ...one, values: [value] }));

it('records of one set become one set, wherever in the reading they came and into whatever parts it was cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record), fc.integer({ min: 1, max: 5 }), async (records, size) => {
      const pieces = inPieces(records);
      async function* parts() {
        for (let at = 0; at < pieces.length; at += size) yield { serial: 7, recordSets: joinedSets(pieces.slice(at, at + size)) };
      }
      const { serial, recordSets, others } = await wholeZone(parts());
      expect(serial).toBe(pieces.length === 0 ? null : 7);
      const all = [...recordSets, ...others];
      for (const { name, type, ttl, values } of all) {
        const own = records.filter((one) => one.name === name && one.type === type);
        expect(values).toEqual([...new Set(own.map(({ value }) => value))].sort());
        expect(ttl).toBe(Math.min(...own.map((one) => one.ttl)));
      }
      expect(new Set(all.map(({ name, type }) => `${name} ${type}`)).size).toBe(all.length);
      expect(all.length).toBe(new Set(records.map(({ name, type }) => `${name} ${type}`)).size);
      for (const some of [recordSets, others]) {
        const keys = some.map(({ name, type }) => `${name} ${type}`);
        expect(keys).toEqual([...keys].sort());
      }
      expect(others.every(({ type }) => type === 'HTTPS')).toBe(true);
    }),
  );
});
