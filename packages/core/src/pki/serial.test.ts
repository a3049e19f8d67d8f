import { expect, it } from 'vitest';
import { newSerial, serialOctets } from './serial.ts';

it('serials are 16 octets, upper-case hex, never with a leading zero octet, and do not repeat', () => {
  const serials = Array.from({ length: 5000 }, () => newSerial());
  expect(new Set(serials).size).toBe(5000);
  expect(serials.every((serial) => /^(?!00)[0-9A-F]{32}$/.test(serial))).toBe(true);
  const draws = [new Uint8Array(16), new Uint8Array(16).fill(7)];
  expect(newSerial(() => draws.shift() ?? new Uint8Array(16).fill(9))).toBe('07'.repeat(16));
});

it.each([
  '',
  '0',
  '00FFFFFFFFFFFFFFFF',
  'FF',
  'ff'.repeat(16),
  'AB'.repeat(21),
  'AB'.repeat(7),
  `0${'AB'.repeat(8)}`,
  'FF'.repeat(20),
  `80${'00'.repeat(19)}`,
  '12 34',
])('the serial %j is refused', (text) => {
  expect(serialOctets(text)).toBeNull();
});

it.each(['01'.repeat(8), 'FF'.repeat(8), 'FF'.repeat(19), `7F${'FF'.repeat(19)}`])(
  'the serial %s, positive in at most 20 octets, is read',
  (text) => {
    expect(
      Buffer.from(serialOctets(text) ?? [])
        .toString('hex')
        .toUpperCase(),
    ).toBe(text);
  },
);
