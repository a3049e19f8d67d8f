import { expect, it } from 'vitest';
import { needEnd, tlsReader } from './tls-reader.ts';

it('reads what stands there, and knows its end', () => {
  const reader = tlsReader(Uint8Array.of(1, 0, 0, 2, 7, 8));
  expect([reader.number(2), reader.ended(), reader.vector(2), reader.ended()]).toEqual([256, false, Uint8Array.of(7, 8), true]);
  expect(() => needEnd(reader)).not.toThrow();
  expect(() => needEnd(tlsReader(Uint8Array.of(0)))).toThrow('Octets stand behind the end');
});

it.each<[string, (reader: ReturnType<typeof tlsReader>) => unknown]>([
  ['a number that is cut short by an octet', (reader) => reader.number(3)],
  ['octets that are fewer by one', (reader) => reader.octets(3)],
  ['a vector that says one more than there is', (reader) => reader.vector(1)],
])('refuses %s', (_, read) => expect(() => read(tlsReader(Uint8Array.of(2, 9)))).toThrow('cut short'));

it('refuses a number that it would not hold exactly', () => {
  const most = Uint8Array.of(0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
  expect(tlsReader(most).number(8)).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => tlsReader(most.map((octet) => (octet === 0x1f ? 0x20 : octet))).number(8)).toThrow('larger than any');
});
