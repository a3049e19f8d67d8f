import { expect, it } from 'vitest';
import { type RecordSet, sameRecordSet } from './record-set.ts';

const set: RecordSet = { name: 'a.example.test', type: 'A', ttl: 60, values: ['192.0.2.1', '192.0.2.2'] };

it.each<[string, boolean, RecordSet | null]>([
  ['in everything', true, { ...set, values: [...set.values] }],
  ['in all but the name', false, { ...set, name: 'b.example.test' }],
  ['in all but the type', false, { ...set, type: 'AAAA' }],
  ['in all but the TTL', false, { ...set, ttl: 61 }],
  ['in all but a value', false, { ...set, values: ['192.0.2.1', '192.0.2.3'] }],
  ['in all but a value more', false, { ...set, values: [...set.values, '192.0.2.3'] }],
  ['in nothing, where there is none', false, null],
])('a record set that is like another %s is the same: %s', (_, same, other) => {
  expect(sameRecordSet(set, other)).toBe(same);
  expect(sameRecordSet(other, set)).toBe(same);
});

it('no record set is the same as none', () => {
  expect(sameRecordSet(null, null)).toBe(true);
});
