// What proves control over a name (RFC 8555 §8).
import { createHash } from 'node:crypto';

/** §8.1. @param thumbprint of the account's key, base64url (RFC 7638) */
export const keyAuthorization = (token: string, thumbprint: string): string => `${token}.${thumbprint}`;

/** The one character-string of the TXT record (§8.4), in presentation format. @param authorization of `keyAuthorization` */
export const challengeText = (authorization: string): string => `"${createHash('sha256').update(authorization).digest('base64url')}"`;

/** Where a CA asks for it over HTTP (§8.3), before the token. */
export const challengePath = '/.well-known/acme-challenge/';
