import { expect, it } from 'vitest';
import { WrongPassphrase } from './key-store-content.ts';
import { decryptRc2 } from './rc2.ts';

const octets = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

// RFC 2268 §5: those whose effective bits are all bits of a key of whole octets. A block that ends in padding is plaintext to be seen.
it.each([
  ['ffffffffffffffff', 'ffffffffffffffff', '278b27e42e2f0d49'],
  ['3000000000000000', '1000000000000001', '30649edf9be7d2c2'],
  ['88bca90e90875a7f0f79c384627bafb2', '0000000000000000', '2269552ab0f85ca6'],
])('a block under the key %s is %s, as the standard prints it', (key, plain, cipher) => {
  // In CBC whatever stands before a block is added to it: an IV that turns the plaintext into one with whole padding shows it.
  const padding = Buffer.alloc(8, 8);
  const iv = octets(plain).map((octet, at) => octet ^ (padding[at] ?? 0));
  expect(decryptRc2(octets(key), iv, octets(cipher))).toHaveLength(0);
});

it('what is under another key, or cut short, is told', () => {
  const cipher = octets('2269552ab0f85ca6');
  expect(() => decryptRc2(octets('88bca90e90875a7f0f79c384627bafb3'), Buffer.alloc(8), cipher)).toThrow(WrongPassphrase);
  expect(() => decryptRc2(octets('88bca90e90'), Buffer.alloc(8), cipher.subarray(1))).toThrow('cut short');
});
