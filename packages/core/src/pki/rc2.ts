// RC2 in CBC (RFC 2268), as far as it is read: for decades it hid the certificates in PKCS #12, and today's OpenSSL has it no more.
// It hides nothing from anybody; what it hid was public.
import { HostmasterError } from '../errors.ts';
import { WrongPassphrase } from './key-store-content.ts';

const blockOctets = 8;

/** PITABLE (§2): digits of pi. */
const pi = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb6266fbf0eda46690757' +
    '27f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc' +
    '2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
);

/** The 64 words of a key of whole octets, all of whose bits count (§2). */
function expanded(key: Uint8Array): Uint16Array {
  const octets = new Uint8Array(128);
  octets.set(key);
  const at = (index: number): number => octets[index] ?? 0;
  const digit = (index: number): number => pi[index & 0xff] ?? 0;
  for (let index = key.length; index < 128; index += 1) octets[index] = digit(at(index - 1) + at(index - key.length));
  octets[128 - key.length] = digit(at(128 - key.length));
  for (let index = 127 - key.length; index >= 0; index -= 1) octets[index] = digit(at(index + 1) ^ at(index + key.length));
  return Uint16Array.from({ length: 64 }, (_, index) => at(2 * index) | (at(2 * index + 1) << 8));
}

/** By how much each word of a block is turned (§3.1). */
const turns = [1, 2, 3, 5] as const;
/** Rounds of mixing, with one of mashing between two of these (§4.3). */
const mixings = [5, 6, 5] as const;

function decryptBlock(words: Uint16Array, keys: Uint16Array): void {
  const word = (index: number): number => words[(index + 4) & 3] ?? 0;
  const key = (index: number): number => keys[index] ?? 0;
  let next = 63;
  for (const [part, rounds] of mixings.entries()) {
    if (part > 0) for (let index = 3; index >= 0; index -= 1) words[index] = word(index) - key(word(index - 1) & 63);
    for (let round = 0; round < rounds; round += 1)
      for (let index = 3; index >= 0; index -= 1) {
        const by = turns[index] ?? 0;
        const turned = (word(index) >> by) | (word(index) << (16 - by));
        words[index] = turned - key(next) - (word(index - 1) & word(index - 2)) - (~word(index - 1) & word(index - 3));
        next -= 1;
      }
  }
}

/** @param key of 1 to 128 octets. @param iv of 8. Errors: invalid-input, WrongPassphrase where its padding is none (RFC 8018 §6.1.1). */
export function decryptRc2(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  if (ciphertext.length === 0 || ciphertext.length % blockOctets !== 0)
    throw new HostmasterError('invalid-input', 'What is encrypted with RC2 is cut short.');
  const keys = expanded(key);
  const plain = Buffer.alloc(ciphertext.length);
  const words = new Uint16Array(4);
  for (let start = 0; start < ciphertext.length; start += blockOctets) {
    const block = Buffer.from(ciphertext.subarray(start, start + blockOctets));
    const before = start === 0 ? iv : ciphertext.subarray(start - blockOctets, start);
    for (let index = 0; index < 4; index += 1) words[index] = block.readUInt16LE(2 * index);
    decryptBlock(words, keys);
    for (let index = 0; index < 4; index += 1) plain.writeUInt16LE(words[index] ?? 0, start + 2 * index);
    for (let index = 0; index < blockOctets; index += 1) plain[start + index] = (plain[start + index] ?? 0) ^ (before[index] ?? 0);
  }
  const padding = plain.at(-1) ?? 0;
  const padded = plain.subarray(-padding);
  if (padding < 1 || padding > blockOctets || !padded.every((octet) => octet === padding)) throw new WrongPassphrase();
  return plain.subarray(0, -padding);
}
