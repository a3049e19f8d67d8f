import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authorityUrls, leafTbs, signStructure } from '../pki/build-certificate.ts';
import { sequence } from '../pki/der.ts';
import { signerFor } from '../pki/signer.ts';
import { renewalIdentifier } from './renewal-info.ts';

const signer = signerFor(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const keyIdentifier = Buffer.from('69885b6b87464041e1b37b847ba0ae2cde01c8d4', 'hex');
const leaf = (serial: string) => {
  const draft = { names: ['a.example.test'], serial, notBefore: new Date(0), notAfter: new Date(1000), spki: signer.spki };
  const urls = authorityUrls('http://pki.test', 'ca');
  return signStructure(leafTbs(draft, { subject: sequence(), keyIdentifier, algorithm: 'ecdsa-p256' }, urls), signer);
};

describe('by what a CA finds a certificate whose renewal is asked about (RFC 9773 §4.1)', () => {
  it('is its issuer’s key identifier and its serial, with the octet of the sign', async () => {
    expect(renewalIdentifier(await leaf('8765432100000000'))).toBe('aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyEAAAAA');
    expect(renewalIdentifier(await leaf('0765432100000000'))).toBe('aYhba4dGQEHhs3uEe6CuLN4ByNQ.B2VDIQAAAAA');
  });
});
