import { describe, expect, it } from 'vitest';
import { orderTrail } from '../pki/order-trail.ts';
import { trailOf } from './order-trail.ts';
import { acmeAuthorization, acmeOrder } from './resource.ts';

const order = (more: object = {}) =>
  acmeOrder.parse({
    status: 'pending',
    identifiers: [{ type: 'dns', value: 'orders.example.com' }],
    authorizations: ['https://ca.example/authz/1'],
    finalize: 'https://ca.example/finalize/1',
    ...more,
  });
const url = 'https://ca.example/chall/1';
const authorization = (challenges: object[], more: object = {}) =>
  acmeAuthorization.parse({ identifier: { type: 'dns', value: 'orders.example.com' }, status: 'pending', challenges, ...more });
const error = { type: 'urn:ietf:params:acme:error:dns', detail: 'NXDOMAIN looking up TXT for _acme-challenge.orders.example.com' };

describe('what an ACME server says of an order', () => {
  it('is told from the order down to the challenge that is answered, in its own words', () => {
    const challenges = [
      { type: 'http-01', url, status: 'pending' },
      { type: 'dns-01', url, status: 'invalid', error },
    ];
    expect(
      trailOf(order({ status: 'invalid', error }), [authorization(challenges, { status: 'invalid', wildcard: true })], 'dns-01'),
    ).toEqual({
      status: 'invalid',
      problem: 'NXDOMAIN looking up TXT for _acme-challenge.orders.example.com.',
      authorizations: [
        {
          name: '*.orders.example.com',
          status: 'invalid',
          challenges: [{ type: 'dns-01', status: 'invalid', problem: 'NXDOMAIN looking up TXT for _acme-challenge.orders.example.com.' }],
        },
      ],
    });
  });

  it('tells of another challenge where that one was tried', () => {
    const challenges = [
      { type: 'tls-alpn-01', url, status: 'pending' },
      { type: 'http-01', url, status: 'valid' },
      { type: 'dns-01', url, status: 'pending' },
    ];
    const { authorizations } = trailOf(order(), [authorization(challenges)], 'dns-01');
    expect(authorizations.flatMap((one) => one.challenges.map(({ type }) => type))).toEqual(['http-01', 'dns-01']);
  });

  it('fits what is stored, however much a server says', () => {
    const long = {
      type: 'x'.repeat(1000),
      detail: `\u202E\u0007${'y '.repeat(5000)}`,
      subproblems: Array(900).fill({ detail: 'z'.repeat(5000) }),
    };
    const challenges = Array.from({ length: 50 }, () => ({ type: 'dns-01', url, status: 'invalid', error: long }));
    const trail = trailOf(order({ error: long }), Array(3).fill(authorization(challenges)), 'dns-01');
    expect(orderTrail.parse(JSON.parse(JSON.stringify(trail)))).toEqual(trail);
    expect(JSON.stringify(trail)).not.toMatch(/\u202E|\\u0007/);
  });
});
