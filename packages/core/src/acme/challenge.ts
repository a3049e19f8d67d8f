// What proves control over a name (RFC 8555 §8).
import { createHash } from 'node:crypto';

/** §8.1. @param thumbprint of the account's key, base64url (RFC 7638) */
export const keyAuthorization = (token: string, thumbprint: string): string => `${token}.${thumbprint}`;

/** The one character-string of the TXT record (§8.4), in presentation format. */
export const challengeText = (token: string, thumbprint: string): string =>
  `"${createHash('sha256').update(keyAuthorization(token, thumbprint)).digest('base64url')}"`;
