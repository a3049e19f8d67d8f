import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arnOf, hostnameTagOf, importFault, loadBalancerOf, sameKeyType } from './import.ts';

describe('the tag of a hostname', () => {
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
  const hostname = fc
    .tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 4 }))
    .map(([isWild, labels]) => `${isWild ? '*.' : ''}${labels.join('.')}`);
  it('is one that AWS takes, as long as the name, and no two names share one', () =>
    fc.assert(
      fc.property(hostname, hostname, (one, other) => {
        expect(hostnameTagOf(one)).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
        expect(hostnameTagOf(one)).toHaveLength(one.length);
        if (one !== other) expect(hostnameTagOf(one)).not.toBe(hostnameTagOf(other));
      }),
    ));
});

it.each([
  [
    'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
    { region: 'eu-central-1', account: '123456789012' },
  ],
  ['arn:aws-cn:acm:cn-north-1:123456789012:certificate/1', { region: 'cn-north-1', account: '123456789012' }],
  ['arn:aws:acm:eu-central-1:123456789012', null],
  ['arn:aws:acm:eu-central-1:12345678901:certificate/1', null],
  ['arn:aws:acm:eu-central-1:123456789012:certificate/1\n', null],
  ['arn:aws:iam:eu-central-1:123456789012:certificate/1', null],
  ['', null],
])('%j is the ARN of a certificate in %j', (arn, place) => expect(arnOf(arn)).toEqual(place));

it.each([
  ['arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188', 'app/shop'],
  ['arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/net/tcp-1/50dc6c495c0c9188', 'net/tcp-1'],
  ['arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/classic', null],
  ['arn:aws:cloudfront::123456789012:distribution/E1', null],
  ['app/shop', null],
])('%j is the load balancer %j', (arn, name) => expect(loadBalancerOf(arn)).toBe(name));

it('a kind of key is the same as ACM lists it and as it describes it', () =>
  expect([sameKeyType('RSA-2048', 'RSA_2048'), sameKeyType('RSA-2048', 'RSA_4096')]).toEqual([true, false]));

it('nothing is not imported', () => expect(importFault([])).toBe('There is no certificate to import.'));
