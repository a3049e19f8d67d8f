/** Where a CA looks for the proof of a name, or of the wildcard above it (RFC 8555 §8.4). */
export const challengeName = (hostname: string): string => `_acme-challenge.${hostname.replace(/^\*\./, '')}`;
