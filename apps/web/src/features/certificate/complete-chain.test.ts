import { describe, expect, it } from 'vitest';
import { type ChainCertificate, completeChain } from './complete-chain';

const at = '2026-11-20T00:00:00Z';
const signed = (subject: string, issuer: string): ChainCertificate => ({
  subject,
  issuer,
  serial: '01',
  notBefore: at,
  notAfter: at,
  fingerprint: `${subject} by ${issuer}`,
  keyAlgorithm: 'ecdsa-p256',
  subjectAltNames: [],
});
const leaf = signed('leaf', 'issuing');
const issuing = signed('issuing', 'root');
const root = signed('root', 'root');

describe('a chain', () => {
  it.each([
    ['is completed by its root', [leaf, issuing], [issuing, root], [leaf, issuing, root]],
    ['that is whole stays as it is', [leaf, issuing, root], [issuing, root], [leaf, issuing, root]],
    ['ends where nobody is known', [leaf], [root], [leaf]],
    ['of two that signed each other ends', [signed('a', 'b')], [signed('b', 'a'), signed('a', 'b')], [signed('a', 'b'), signed('b', 'a')]],
    ['that is empty stays empty', [], [root], []],
  ])('%s', (_, chain, known, expected) => expect(completeChain(chain, known)).toEqual(expected));
});
