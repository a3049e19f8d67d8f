import { expect, it } from 'vitest';
import { orderValidity, serverProfile } from './profile.ts';
import { newSerial, serialOctets } from './serial.ts';

it('serials are 16 octets, upper-case hex, never with a leading zero octet, and do not repeat', () => {
  const serials = Array.from({ length: 5000 }, () => newSerial());
  expect(new Set(serials).size).toBe(5000);
  expect(serials.every((serial) => /^(?!00)[0-9A-F]{32}$/.test(serial))).toBe(true);
  const draws = [new Uint8Array(16), new Uint8Array(16).fill(7)];
  expect(newSerial(() => draws.shift() ?? new Uint8Array(16).fill(9))).toBe('07'.repeat(16));
});

it.each(['', '0', '00FFFFFFFFFFFFFFFF', 'FF', 'ff'.repeat(16), 'AB'.repeat(21), `${'FF'.repeat(20)}`, '12 34'])(
  'the serial %j is refused',
  (text) => {
    expect(serialOctets(text)).toBeNull();
  },
);

it('an order begins five minutes ago, in whole seconds, and ends with the profile or with its issuer', () => {
  const now = new Date('2026-11-20T12:00:00.789Z');
  const far = new Date('2031-01-01T00:00:00Z');
  expect(orderValidity(serverProfile, far, now)).toEqual({
    notBefore: new Date('2026-11-20T11:55:00Z'),
    notAfter: new Date('2027-02-18T11:54:59Z'),
  });
  const soon = new Date('2026-12-01T00:00:00Z');
  expect(orderValidity(serverProfile, soon, now).notAfter).toEqual(soon);
});
