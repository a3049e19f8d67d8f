import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPlaces, isWhere, mostPlaces, parseTarget, placeAt, rangesOf, targetText } from './places.ts';

const all = (scope: { targets: string[]; ports: number[] }) =>
  Array.from({ length: countPlaces(scope) }, (_, number) => placeAt(scope, number));

describe('the places of a scope', () => {
  it('are every address and every name on every port', () => {
    const scope = { targets: ['192.0.2.254/31', '192.0.2.7', '2001:db8::fffe/127', 'orders.example.test'], ports: [443, 8443] };
    const found = all(scope).map((place) => `${place?.host} ${place?.port} ${place?.isName}`);
    const hosts = ['192.0.2.254 P false', '192.0.2.255 P false', '192.0.2.7 P false', '2001:db8::fffe P false', '2001:db8::ffff P false'];
    const expected = [...hosts, 'orders.example.test P true'].flatMap((host) => [host.replace('P', '443'), host.replace('P', '8443')]);
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  it('are each met exactly once, whatever the scope is', () => {
    const range = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 22, max: 32 }))
      .map(([octet, bits]) => `10.${octet}.0.0/${bits}`);
    const scopes = fc.record({
      targets: fc.uniqueArray(range, { minLength: 1, maxLength: 3, selector: (text) => text.split('/')[0] }),
      ports: fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(scopes, (scope) => {
        const found = all(scope).map((place) => `${place?.host}:${place?.port}`);
        expect(new Set(found).size).toBe(countPlaces(scope));
        expect(placeAt(scope, found.length)).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  it('that follow each other are not neighbours', () => {
    const scope = { targets: ['10.0.0.0/22'], ports: [443] };
    const [one, other] = [placeAt(scope, 10), placeAt(scope, 11)].map((place) => place?.host.split('.').map(Number) ?? []);
    expect(one?.[2]).not.toBe(other?.[2]);
  });

  it('count past what one scope may hold without being written out', () => {
    expect(countPlaces({ targets: ['10.0.0.0/8'], ports: [443] })).toBeGreaterThan(mostPlaces);
    expect(countPlaces({ targets: ['2001:db8::/32'], ports: [443] })).toBeGreaterThan(mostPlaces);
  });
});

describe('a target', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7/32', '192.0.2.7'],
    ['2001:DB8:0::1', '2001:db8::1'],
    ['10.0.0.0/24', '10.0.0.0/24'],
    ['Orders.Example.TEST.', 'orders.example.test'],
  ])('%s is spelled %s', (given, spelled) => {
    const target = parseTarget(given);
    expect(target && targetText(target)).toBe(spelled);
  });

  it.each([
    '',
    '*.example.test',
    '10.0.0.0/33',
    '10.0.0/8',
    '010.0.0.1',
    'fe80::1%eth0',
    'a b',
    'http://x.test',
    '10.0.0.1:443',
    'x\0.test',
  ])('%j is none', (given) => expect(parseTarget(given)).toBeNull());

  it('that is a name allows no address beyond public ones', () => {
    expect(rangesOf({ targets: ['orders.example.test', '10.0.0.0/24', '10.1.0.1'], ports: [443] })).toEqual(['10.0.0.0/24', '10.1.0.1/32']);
  });
});

describe('what was seen somewhere', () => {
  const scope = { targets: ['192.0.2.0/30', 'orders.example.test'], ports: [443] };
  const seen = (address: string, port: number, serverName = '') => isWhere(scope, { address, port, serverName });
  it('is where a scope lets a worker look, or not any more', () => {
    expect([seen('192.0.2.3', 443), seen('192.0.2.3', 8443), seen('192.0.2.3', 443, 'www.example.test')]).toEqual([true, false, false]);
    // A name leads where it leads, and is asked there without itself, too.
    expect([seen('198.51.100.1', 443), seen('198.51.100.1', 443, 'orders.example.test')]).toEqual([true, true]);
    expect(isWhere({ ...scope, targets: ['192.0.2.0/30'] }, { address: '192.0.2.4', port: 443, serverName: '' })).toBe(false);
  });
});
