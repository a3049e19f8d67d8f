// A head is what the key of its log has signed, octet by octet, and nothing else is believed.
import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type LogKey, readLogKey } from './log-key.ts';
import { readCheckpoint, readSignedTreeHead } from './tree-head.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = readLogKey(publicKey.export({ format: 'der', type: 'spki' })) as LogKey;
const root = Buffer.alloc(32, 7);
const notSigned = 'The head of its tree is not signed by its key.';

/** TreeHeadSignature (RFC 6962 §3.5), of what is said in another way where it is given. */
function signatureOf(head: { size?: number; timestamp?: number; root?: Uint8Array; begins?: readonly number[] } = {}): Buffer {
  const numbers = Buffer.alloc(16);
  numbers.writeBigUInt64BE(BigInt(head.timestamp ?? 5));
  numbers.writeBigUInt64BE(BigInt(head.size ?? 3), 8);
  const octets = sign('sha256', Buffer.concat([Buffer.from(head.begins ?? [0, 1]), numbers, head.root ?? root]), privateKey);
  return Buffer.concat([Buffer.of(4, 3, 0, octets.length), octets]);
}
const at = (signature: Buffer, index: number, octet: number): Buffer => Buffer.from(signature.map((old, i) => (i === index ? octet : old)));

describe('a signed tree head', () => {
  const read = (signature: Buffer, said: Uint8Array = root) =>
    readSignedTreeHead(
      {
        ...{ tree_size: 3, timestamp: 5, sha256_root_hash: Buffer.from(said).toString('base64') },
        tree_head_signature: signature.toString('base64'),
      },
      key,
    );

  it('is believed where the key has signed it', () => expect(read(signatureOf())).toEqual({ size: 3, root: Uint8Array.from(root) }));

  it.each<[string, Buffer]>([
    ['for another size', signatureOf({ size: 4 })],
    ['for another time', signatureOf({ timestamp: 6 })],
    ['for another root', signatureOf({ root: Buffer.alloc(32) })],
    ['of another version', signatureOf({ begins: [1, 1] })],
    ['of something else than a tree', signatureOf({ begins: [0, 0] })],
    ['by another hash', at(signatureOf(), 0, 5)],
    ['by another algorithm', at(signatureOf(), 1, 1)],
  ])('signed %s is not', (_, signature) => expect(() => read(signature)).toThrow(notSigned));

  it('with something behind its signature is not', () =>
    expect(() => read(Buffer.concat([signatureOf(), Buffer.of(0)]))).toThrow('Octets stand behind the end'));

  it('whose root is no SHA-256 is not, though it is signed', () => {
    const short = root.subarray(1);
    expect(() => read(signatureOf({ root: short }), short)).toThrow('The root of its tree is no SHA-256.');
  });
});

describe('a checkpoint', () => {
  const origin = 'log.example.test/2026h2';
  const idOf = (name: string) =>
    hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(5), key.logId]), 'buffer').subarray(0, 4);
  const timestamp = Buffer.of(0, 0, 0, 0, 0, 0, 0, 5);
  const line = (name: string, id: Uint8Array, signature = signatureOf()) =>
    `— ${name} ${Buffer.concat([id, timestamp, signature]).toString('base64')}\n`;
  const own = line(origin, idOf(origin));
  const other = line(origin, Buffer.alloc(4), Buffer.alloc(70));
  const read = (signatures: string, more = '') => readCheckpoint(`${origin}\n3\n${root.toString('base64')}${more}\n\n${signatures}`, key);

  it('is believed by the line of its own key, wherever that stands among those of others', () => {
    expect(read(own).size).toBe(3);
    expect(read(line('witness.example.test', Buffer.alloc(4)) + other + own)).toEqual({ size: 3, root });
  });

  it.each<[string, string]>([
    ['by others alone', other],
    ['in another name', line('other.example.test', idOf(origin))],
    ['for another size', line(origin, idOf(origin), signatureOf({ size: 4 }))],
    ['behind more lines than any checkpoint has', other.repeat(64) + own],
    ['by nobody', ''],
  ])('that is signed %s is not', (_, signatures) => expect(() => read(signatures)).toThrow(notSigned));

  it('that says more than a log signs is none', () => expect(() => read(own, '\nmore')).toThrow('no checkpoint'));
});
