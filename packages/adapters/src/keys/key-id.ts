import { createHash } from 'node:crypto';

/** Names a key without telling it: the first eight octets of its SHA-256, hex. */
export function keyIdOf(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}
