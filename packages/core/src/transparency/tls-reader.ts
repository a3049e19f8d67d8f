// A strict reader of the presentation language of TLS (RFC 8446 §3), in which logs write: nothing past the end, nothing left over.
import { HostmasterError } from '../errors.ts';

export type TlsReader = {
  /** An unsigned integer of so many octets. Errors: invalid-input past the end, or past what a number holds exactly. */
  number(octets: number): number;
  /** Errors: invalid-input past the end. */
  octets(count: number): Uint8Array;
  /** A vector whose length stands before it in so many octets. Errors: invalid-input past the end. */
  vector(lengthOctets: number): Uint8Array;
  /** Whether everything was read. */
  ended(): boolean;
};

export function tlsReader(input: Uint8Array): TlsReader {
  let at = 0;
  const octets = (count: number): Uint8Array => {
    if (at + count > input.length) throw new HostmasterError('invalid-input', 'A structure is cut short.');
    at += count;
    return input.subarray(at - count, at);
  };
  const number = (count: number): number => {
    const value = octets(count).reduce((sum, octet) => sum * 256 + octet, 0);
    if (!Number.isSafeInteger(value)) throw new HostmasterError('invalid-input', 'A number is larger than any that makes sense.');
    return value;
  };
  return { number, octets, vector: (lengthOctets) => octets(number(lengthOctets)), ended: () => at === input.length };
}

/** What has to end here. Errors: invalid-input. */
export function needEnd(reader: TlsReader): void {
  if (!reader.ended()) throw new HostmasterError('invalid-input', 'Octets stand behind the end of a structure.');
}
