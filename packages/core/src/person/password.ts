// Passwords of local accounts: scrypt (RFC 7914) in the PHC string format, so that the cost can rise later while old
// hashes still verify. One hash takes 128 MiB and a good part of a second of one core, on purpose: callers limit the rate.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

type Cost = { /** log2 of N. */ readonly ln: number; readonly r: number; readonly p: number };

const cost: Cost = { ln: 17, r: 8, p: 1 };
const saltLength = 16;
const keyLength = 32;
/** What a stored hash may cost at most: a tampered row must not take the machine down. */
const maxLn = 20;

const phc = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,128})\$([A-Za-z0-9+/]{22,128})$/;

/** `$scrypt$ln=17,r=8,p=1$<salt>$<hash>`, base64 without padding. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltLength);
  const key = await derive(password, salt, cost, keyLength);
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${unpadded(salt)}$${unpadded(key)}`;
}

/** Verified against where there is no account or no password, so that both take the same work. */
const nobody = `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${unpadded(Buffer.alloc(saltLength))}$${unpadded(Buffer.alloc(keyLength))}`;

/** Whether the password is the one that was hashed; with null the same work is done and the answer is no. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const parsed = parse(stored ?? nobody) ?? parse(nobody);
  if (parsed === null) return false;
  const key = await derive(password, parsed.salt, parsed.cost, parsed.key.length);
  return timingSafeEqual(key, parsed.key) && stored !== null;
}

function parse(text: string): { cost: Cost; salt: Buffer; key: Buffer } | null {
  const [, ln, r, p, salt, key] = phc.exec(text) ?? [];
  if (salt === undefined || key === undefined) return null;
  const parsed = { ln: Number(ln), r: Number(r), p: Number(p) };
  if (parsed.ln < 1 || parsed.ln > maxLn || parsed.r < 1 || parsed.p < 1) return null;
  return { cost: parsed, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
}

/** NFC as in RFC 8265, OpaqueString: the same password typed on another keyboard is the same password. */
function derive(password: string, salt: Uint8Array, { ln, r, p }: Cost, length: number): Promise<Buffer> {
  const N = 2 ** ln;
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, length, { N, r, p, maxmem: 128 * N * r + 1024 * 1024 * p }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
