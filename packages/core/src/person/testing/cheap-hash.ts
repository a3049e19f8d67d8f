import { randomBytes, scryptSync } from 'node:crypto';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '');

/** A password as it is stored, at a cost that tests can pay by the dozen; it verifies as any other, since a hash says what it cost. */
export function cheapHash(password: string): string {
  const salt = randomBytes(16);
  return `$scrypt$ln=1,r=1,p=1$${base64(salt)}$${base64(scryptSync(password, salt, 32, { N: 2, r: 1, p: 1 }))}`;
}
