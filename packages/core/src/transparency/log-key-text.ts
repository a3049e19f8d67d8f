// The form of a key that somebody pasted, which a browser can judge as well; whether it is one that logs sign with, log-key.ts says.

/** A P-256 key takes 124 characters. */
const shortest = 100;

/** Base64 without its armour (RFC 7468) and blanks; null for what is none, or too short for a key. */
export function bareKey(text: string): string | null {
  const body = text.replace(/-----(BEGIN|END) PUBLIC KEY-----/g, '').replace(/\s+/g, '');
  return body.length >= shortest && /^[A-Za-z0-9+/]+={0,2}$/.test(body) ? body : null;
}
