import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';

describe('a password hash', () => {
  it('verifies the password in any Unicode form, and no other', async () => {
    const stored = await hashPassword('corr\u00e9ct horse');
    expect(stored).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    await expect(verifyPassword('corre\u0301ct horse', stored)).resolves.toBe(true);
    await expect(verifyPassword('correct horse', stored)).resolves.toBe(false);
  });

  it('reads the cost from the stored text, so that it can rise later', async () => {
    // RFC 7914, section 12: scrypt("pleaseletmein", "SodiumChloride", 16384, 8, 1, 64), its first 32 octets are not enough: all 64.
    const key =
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887';
    const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
    const stored = `$scrypt$ln=14,r=8,p=1$${text(Buffer.from('SodiumChloride'))}$${text(Buffer.from(key, 'hex'))}`;
    await expect(verifyPassword('pleaseletmein', stored)).resolves.toBe(true);
  });

  it.each([
    ['no account', null],
    ['no PHC string', 'plain'],
    ['a cost that would take the machine down', '$scrypt$ln=40,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ])('refuses %s', async (_, stored) => {
    await expect(verifyPassword('anything', stored)).resolves.toBe(false);
  });
});
