import { describe, expect, it } from 'vitest';
import { nextOf } from './order-flow.ts';
import { type AcmeAuthorization, type AcmeOrder, acmeAuthorization, acmeOrder } from './resource.ts';

const order = (changes: object = {}): AcmeOrder =>
  acmeOrder.parse({
    status: 'pending',
    identifiers: [{ type: 'dns', value: 'shop.example.test' }],
    authorizations: ['https://ca.test/authz/1'],
    finalize: 'https://ca.test/finalize/1',
    ...changes,
  });
const token = 'evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA';
const dns = (changes: object = {}) => ({ type: 'dns-01', url: 'https://ca.test/challenge/1', status: 'pending', token, ...changes });
const authorization = (changes: object = {}): AcmeAuthorization =>
  acmeAuthorization.parse({
    identifier: { type: 'dns', value: 'shop.example.test' },
    status: 'pending',
    challenges: [{ ...dns(), type: 'http-01', url: 'https://ca.test/challenge/2' }, dns()],
    ...changes,
  });
const proof = { hostname: 'shop.example.test', wildcard: false, url: 'https://ca.test/challenge/1', token, status: 'pending' };
const failure = { type: 'urn:ietf:params:acme:error:dns', detail: 'No TXT record found' };

describe('what comes next of an order', () => {
  it.each<[string, AcmeOrder, AcmeAuthorization[], object]>([
    ['a proof for each open authorization, by our method', order(), [authorization()], { next: 'prove', proofs: [proof] }],
    [
      'a proof for those that are open alone',
      order(),
      [authorization({ status: 'valid' }), authorization({ wildcard: true })],
      { next: 'prove', proofs: [{ ...proof, wildcard: true }] },
    ],
    [
      'a proof that the server looks at already is known to be',
      order(),
      [authorization({ challenges: [dns({ status: 'processing' })] })],
      { next: 'prove', proofs: [{ ...proof, status: 'processing' }] },
    ],
    [
      'to wait, where all is proved and the order does not know it yet',
      order(),
      [authorization({ status: 'valid' })],
      { next: 'wait', what: 'the authorizations' },
    ],
    ['to finalize', order({ status: 'ready' }), [], { next: 'finalize' }],
    ['to wait for the signature', order({ status: 'processing' }), [], { next: 'wait', what: 'the certificate' }],
    [
      'to fetch',
      order({ status: 'valid', certificate: 'https://ca.test/cert/1' }),
      [],
      { next: 'fetch', certificate: 'https://ca.test/cert/1' },
    ],
    ['to wait, where it is signed and nobody says where it is', order({ status: 'valid' }), [], { next: 'wait', what: 'the certificate' }],
    [
      'another order, where a proof was not seen',
      order({ status: 'invalid' }),
      [authorization({ status: 'invalid', challenges: [dns({ status: 'invalid', error: failure })] })],
      { next: 'anew', why: 'shop.example.test is invalid: No TXT record found.' },
    ],
    [
      'another order, where the server tells why of the order itself',
      order({ status: 'invalid', error: { type: 'urn:ietf:params:acme:error:caa', detail: 'CAA forbids it' } }),
      [],
      { next: 'anew', why: 'CAA forbids it.' },
    ],
    [
      'another order, where nobody says why',
      order({ status: 'invalid' }),
      [authorization()],
      { next: 'anew', why: 'The order was given up.' },
    ],
    [
      'another order, before this one knows that an authorization ended',
      order(),
      [authorization({ status: 'expired', wildcard: true })],
      { next: 'anew', why: '*.shop.example.test is expired.' },
    ],
    [
      'nothing, where a name cannot be proved by our method',
      order(),
      [authorization(), authorization({ wildcard: true, challenges: [{ ...dns(), type: 'http-01' }] })],
      { next: 'impossible', why: '*.shop.example.test cannot be proved by dns-01.' },
    ],
    [
      'nothing, where a name is to be proved that was not ordered',
      order(),
      [authorization(), authorization({ identifier: { type: 'dns', value: 'other.example.test' } })],
      { next: 'impossible', why: 'A proof was asked for other.example.test, which was not ordered.' },
    ],
    [
      'nothing, where our method has no token to prove with',
      order(),
      [authorization({ challenges: [dns({ token: undefined })] })],
      { next: 'impossible', why: 'shop.example.test cannot be proved by dns-01.' },
    ],
  ])('%s', (_, of, authorizations, expected) =>
    expect(nextOf(of, authorizations, { names: ['*.shop.example.test', 'shop.example.test'], method: 'dns-01' })).toEqual(expected),
  );
});
