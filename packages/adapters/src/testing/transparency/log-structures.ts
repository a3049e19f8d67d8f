// What a log writes: leaves, tiles, its tree and what it signs of it. Written from RFC 6962 and c2sp.org/static-ct-api, apart from what reads it.
import { createHash, type KeyObject, sign } from 'node:crypto';
import type { Submitted } from './submitted.ts';

const sized = (octets: Uint8Array, lengthOctets: number): Buffer => {
  const length = Buffer.alloc(lengthOctets);
  length.writeUIntBE(octets.length, 0, lengthOctets);
  return Buffer.concat([length, octets]);
};
const uint64 = (value: number): Buffer => {
  const octets = Buffer.alloc(8);
  octets.writeBigUInt64BE(BigInt(value));
  return octets;
};
const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

const timestamp = 1_790_000_000_000;
const timestamped = ({ tbs, chain: [first = Buffer.alloc(0)] }: Submitted): Buffer =>
  Buffer.concat([
    uint64(timestamp),
    ...(tbs === null ? [Buffer.of(0, 0), sized(first, 3)] : [Buffer.of(0, 1), Buffer.alloc(32, 7), sized(tbs, 3)]),
    Buffer.of(0, 0),
  ]);

export const leafInput = (entry: Submitted): Buffer => Buffer.concat([Buffer.of(0, 0), timestamped(entry)]);
export function extraData({ tbs, chain: [first = Buffer.alloc(0), ...issuers] }: Submitted): Buffer {
  const chain = sized(Buffer.concat(issuers.map((der) => sized(der, 3))), 3);
  return tbs === null ? chain : Buffer.concat([sized(first, 3), chain]);
}
export function tileLeaf(entry: Submitted): Buffer {
  const [first = Buffer.alloc(0), ...issuers] = entry.chain;
  const named = sized(Buffer.concat(issuers.map((der) => sha256(der))), 2);
  return Buffer.concat([timestamped(entry), ...(entry.tbs === null ? [] : [sized(first, 3)]), named]);
}

/** RFC 6962 §2.1. */
export function merkleRoot(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), only);
  const split = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  return sha256(Buffer.of(1), merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)));
}

export type Signing = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
export type SignedHead = { readonly size: number; readonly root: Uint8Array };
export const spkiOf = ({ publicKey }: Signing): Buffer => publicKey.export({ format: 'der', type: 'spki' });

/** digitally-signed (RFC 5246 §4.7) of a TreeHeadSignature (RFC 6962 §3.5). */
function treeHeadSignature({ size, root }: SignedHead, { privateKey }: Signing): Buffer {
  const signed = sign('sha256', Buffer.concat([Buffer.of(0, 1), uint64(timestamp), uint64(size), root]), privateKey);
  return Buffer.concat([Buffer.of(4, privateKey.asymmetricKeyType === 'rsa' ? 1 : 3), sized(signed, 2)]);
}

export const signedTreeHead = (head: SignedHead, key: Signing) => ({
  tree_size: head.size,
  timestamp,
  sha256_root_hash: Buffer.from(head.root).toString('base64'),
  tree_head_signature: treeHeadSignature(head, key).toString('base64'),
});

export function checkpoint(head: SignedHead, key: Signing, origin: string): string {
  const keyId = sha256(Buffer.from(`${origin}\n`), Buffer.of(5), sha256(spkiOf(key))).subarray(0, 4);
  const signature = Buffer.concat([keyId, uint64(timestamp), treeHeadSignature(head, key)]).toString('base64');
  const witness = `— witness.example.test ${Buffer.from('one that nobody here knows').toString('base64')}`;
  return `${origin}\n${head.size}\n${Buffer.from(head.root).toString('base64')}\n\n${witness}\n— ${origin} ${signature}\n`;
}
