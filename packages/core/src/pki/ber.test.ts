import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derOfBer } from './ber.ts';
import { integer, octetString, sequence } from './der.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

it('lengths that are left open are closed, and strings in pieces are one again', () => {
  const open = hex('30 80  02 01 03  24 80 04 02 aa bb 04 01 cc 00 00  00 00');
  expect(Buffer.compare(derOfBer(open), sequence(integer(3), octetString(hex('aabbcc'))))).toBe(0);
  expect(Buffer.compare(derOfBer(hex('30 82 00 03 02 01 03')), sequence(integer(3)))).toBe(0);
});

it('DER stays as it is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(1000), (octets, number) => {
      const der = sequence(integer(number), octetString(octets), sequence());
      expect(Buffer.compare(derOfBer(der), der)).toBe(0);
    }),
  );
});

it.each([
  ['is cut short', '30 05 02 01', 'past the end'],
  ['has no end', '30 80 02 01 03', 'cut short'],
  ['leaves the length of a primitive value open', '04 80 00 00', 'primitive'],
  ['goes on after its end', '02 01 03 00', 'after the end'],
  ['is a string of something else', '24 03 02 01 03', 'something else'],
  ['has a length of eight octets', '30 88 00 00 00 00 00 00 00 00', 'oversized'],
  ['nests without end', '30 80'.repeat(5000), 'too deep'],
])('what %s is refused', (_, text, why) => {
  expect(() => derOfBer(hex(text))).toThrow(why);
});

it('whatever octets there are, it ends with an answer or an error of ours', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (octets) => {
      try {
        derOfBer(octets);
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid-input' });
      }
    }),
  );
});
