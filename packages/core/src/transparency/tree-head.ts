// What a log signs of its tree: the signed tree head of RFC 6962 §3.5 and §4.3, and the same as a checkpoint (c2sp.org/static-ct-api).
import { hash, verify } from 'node:crypto';
import { z } from 'zod';
import { HostmasterError } from '../errors.ts';
import type { LogKey } from './log-key.ts';
import { needEnd, tlsReader } from './tls-reader.ts';

export type TreeHead = {
  readonly size: number;
  /** SHA-256, 32 octets. */
  readonly root: Uint8Array;
};

const rootOctets = 32;
/** HashAlgorithm and SignatureAlgorithm of RFC 5246 §7.4.1.4.1. */
const sha256 = 4;
const algorithms: Readonly<Record<string, number>> = { rsa: 1, ec: 3 };

type Signed = TreeHead & { readonly timestamp: number; readonly signature: Uint8Array };

/** Errors: invalid-input for what is no signature of the key over it (RFC 6962 §3.5). */
function verified({ size, root, timestamp, signature }: Signed, { key }: LogKey): TreeHead {
  const wrong = new HostmasterError('invalid-input', 'The head of its tree is not signed by its key.');
  const reader = tlsReader(signature);
  const [hashed, signed] = [reader.number(1), reader.number(1)];
  if (hashed !== sha256 || signed !== algorithms[key.asymmetricKeyType ?? '']) throw wrong;
  const octets = reader.vector(2);
  needEnd(reader);
  if (root.length !== rootOctets) throw new HostmasterError('invalid-input', 'The root of its tree is no SHA-256.');
  const numbers = Buffer.alloc(18);
  numbers.writeUInt8(1, 1);
  numbers.writeBigUInt64BE(BigInt(timestamp), 2);
  numbers.writeBigUInt64BE(BigInt(size), 10);
  if (!verify('sha256', Buffer.concat([numbers, root]), key, octets)) throw wrong;
  return { size, root };
}

const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const octets = z
  .base64()
  .max(4096)
  .transform((text) => Uint8Array.from(Buffer.from(text, 'base64')));
const signedTreeHead = z.object({ tree_size: whole, timestamp: whole, sha256_root_hash: octets, tree_head_signature: octets });

/** Reads the answer of get-sth. Errors: invalid-input for what is none, or is not signed by the key. */
export function readSignedTreeHead(json: unknown, key: LogKey): TreeHead {
  const { success, data } = signedTreeHead.safeParse(json);
  if (!success) throw new HostmasterError('invalid-input', 'What it answers is no signed tree head.');
  return verified(
    { size: data.tree_size, timestamp: data.timestamp, root: data.sha256_root_hash, signature: data.tree_head_signature },
    key,
  );
}

const noteSignature = 0x05;
const mostSignatures = 64;

/** Reads a checkpoint, of which the signature by the log's own key counts and others do not. Errors: invalid-input. */
export function readCheckpoint(text: string, key: LogKey): TreeHead {
  const none = new HostmasterError('invalid-input', 'What it answers is no checkpoint.');
  const [body = '', signatures = ''] = text.split('\n\n', 2);
  const [origin = '', size = '', root = '', ...extensions] = body.split('\n');
  if (origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size) || extensions.length > 0) throw none;
  const keyId = hash('sha256', Buffer.concat([Buffer.from(`${origin}\n`), Buffer.of(noteSignature), key.logId]), 'buffer').subarray(0, 4);
  for (const line of signatures.split('\n').slice(0, mostSignatures)) {
    const [dash, name, encoded = ''] = line.split(' ');
    const octets = Buffer.from(encoded, 'base64');
    if (dash !== '—' || name !== origin || !octets.subarray(0, 4).equals(keyId)) continue;
    const timestamp = tlsReader(octets.subarray(4)).number(8);
    const signature = octets.subarray(12);
    return verified({ size: Number(size), root: Buffer.from(root, 'base64'), timestamp, signature }, key);
  }
  throw new HostmasterError('invalid-input', 'The head of its tree is not signed by its key.');
}
