import { createHash, randomBytes } from 'node:crypto';

/** `hm_` and 32 random octets in base64url: 256 bits, so that a plain SHA-256 is enough to keep it by. */
export const newTokenSecret = (): string => `hm_${randomBytes(32).toString('base64url')}`;

export const looksLikeToken = (text: string): boolean => /^hm_[A-Za-z0-9_-]{43}$/.test(text);

export const tokenHash = (secret: string): Uint8Array<ArrayBuffer> => Uint8Array.from(createHash('sha256').update(secret, 'utf8').digest());
