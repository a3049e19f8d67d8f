// The key that a log signs with, as its operator publishes it: SubjectPublicKeyInfo in base64 or PEM.
import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { bareKey } from './log-key-text.ts';

export type LogKey = {
  readonly key: KeyObject;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** SHA-256 over it (RFC 6962 §3.2). */
  readonly logId: Uint8Array;
};

/** P-256 or RSA of 2048 bits and more (RFC 6962 §2.1.4); null for anything else. */
export function readLogKey(spki: Uint8Array): LogKey | null {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
    const fits = key.asymmetricKeyType === 'ec' ? namedCurve === 'prime256v1' : key.asymmetricKeyType === 'rsa' && modulusLength >= 2048;
    return fits ? { key, spki, logId: hash('sha256', spki, 'buffer') } : null;
  } catch {
    return null;
  }
}

/** The key in what somebody pasted; null where there is none that a log signs with. */
export function parseLogKey(text: string): LogKey | null {
  const bare = bareKey(text);
  return bare === null ? null : readLogKey(Uint8Array.from(Buffer.from(bare, 'base64')));
}
