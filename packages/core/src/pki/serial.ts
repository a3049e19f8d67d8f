import { randomBytes } from 'node:crypto';
import { HostmasterError } from '../errors.ts';
import { integer } from './der.ts';

/** A serial number of 16 random octets as upper-case hex; the first octet is never zero, so every printer agrees on its digits. */
export function newSerial(random: (size: number) => Uint8Array = randomBytes): string {
  for (;;) {
    const octets = random(16);
    if (octets[0] !== 0) return Buffer.from(octets).toString('hex').toUpperCase();
  }
}

/** A serial as any issuer may have written it: as it was given (any case, with or without colons), bare, and in whole octets. */
export function serialSpellings(serial: string): string[] {
  const digits = serial.replaceAll(':', '').toUpperCase();
  const bare = digits.replace(/^0+(?=.)/, '');
  return [digits, bare, bare.length % 2 === 1 ? `0${bare}` : `00${bare}`];
}

/** The serial's octets, or null where the text is not upper-case hex pairs of a positive number of 8 to 20 octets (RFC 5280 §4.1.2.2). */
export function serialOctets(serial: string): Uint8Array | null {
  if (!/^([0-9A-F]{2}){8,20}$/.test(serial) || serial.startsWith('00')) return null;
  const octets = Buffer.from(serial, 'hex');
  // A set top bit costs one more octet for the sign.
  return octets.length === 20 && (octets[0] ?? 0) >= 0x80 ? null : octets;
}

/** The serial as an INTEGER, DER. Errors: invalid-input where it is none. */
export function serialInteger(serial: string): Uint8Array {
  const octets = serialOctets(serial);
  if (octets !== null) return integer(octets);
  throw new HostmasterError('invalid-input', `The serial ${serial.slice(0, 60)} is not 8 to 20 positive octets in upper-case hex.`);
}
