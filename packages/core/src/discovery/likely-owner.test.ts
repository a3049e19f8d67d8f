import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Holders, hostnamesOf, likelyOwner } from './likely-owner.ts';

const holders: Holders = {
  endpoints: [{ name: 'pay.dev.example.test', team: 'payments' }],
  grants: [
    { name: 'example.test', team: 'everything' },
    { name: 'dev.example.test', team: 'orders' },
  ],
  zones: [{ name: 'other.test', team: 'edge' }],
};

describe('the likely owner', () => {
  it.each([
    [['pay.dev.example.test'], { team: 'payments', because: 'endpoint', of: 'pay.dev.example.test' }],
    [['x.dev.example.test', 'pay.dev.example.test'], { team: 'payments', because: 'endpoint', of: 'pay.dev.example.test' }],
    [['x.pay.dev.example.test'], { team: 'orders', because: 'grant', of: 'dev.example.test' }],
    [['x.dev.example.test'], { team: 'orders', because: 'grant', of: 'dev.example.test' }],
    [['*.dev.example.test'], { team: 'orders', because: 'grant', of: 'dev.example.test' }],
    [['example.test', 'x.dev.example.test'], { team: 'orders', because: 'grant', of: 'dev.example.test' }],
    [['evildev.example.test'], { team: 'everything', because: 'grant', of: 'example.test' }],
    [['shop.other.test'], { team: 'edge', because: 'zone', of: 'other.test' }],
    [['elsewhere.test'], null],
    [[], null],
  ])('of %j is %j', (names, owner) => expect(likelyOwner(names, holders, null)).toEqual(owner));

  it('is the team of the scope where no name says anything', () => {
    const scope = { name: 'office', team: 'it' };
    expect(likelyOwner(['printer'], holders, scope)).toEqual({ team: 'it', because: 'scope', of: 'office' });
    expect(likelyOwner(['x.dev.example.test'], holders, scope)?.team).toBe('orders');
  });

  it('is found for whatever stands in a certificate, and names nobody who is not among the holders', () => {
    const teams = [...holders.endpoints, ...holders.grants, ...holders.zones].map(({ team }) => team);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.domain(), fc.constant('xU+0000.dev.example.test'))), (names) => {
        const owner = likelyOwner(names, holders, null);
        expect(owner === null || teams.includes(owner.team)).toBe(true);
      }),
    );
  });
});

it('what is no hostname is none of the hostnames', () => {
  expect(hostnamesOf(['ok.test', 'UPPER.test', 'a b', 'x\0.test', '', '*.w.test', '..', 'a'.repeat(64)])).toEqual(['ok.test', '*.w.test']);
});
