import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderedNameOf, vaultNameOf } from './name.ts';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
const hostname = fc
  .tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 4 }))
  .map(([isWild, labels]) => `${isWild ? '*.' : ''}${labels.join('.')}`);

it('is one that a vault takes, the same each time, and of no other hostname', () =>
  fc.assert(
    fc.property(hostname, hostname, (one, other) => {
      expect(vaultNameOf(one)).toMatch(/^[0-9a-zA-Z-]{1,127}$/);
      if (one !== other) expect(vaultNameOf(one)).not.toBe(vaultNameOf(other));
    }),
    { numRuns: 500 },
  ));

it.each([
  ['orders.example.test', 'orders-example-test'],
  ['*.example.test', 'wildcard---example-test'],
  ['wildcard.example.test', 'wildcard-example-test'],
  ['a-b.example.test', 'a--b-example-test'],
  ['xn--mnchen-3ya.example.test', 'xn----mnchen--3ya-example-test'],
  [`${'a'.repeat(63)}.${'b'.repeat(63)}.c`, expect.stringMatching(/^sha256-[0-9a-f]{64}$/)],
])('of %s is %s', (name, called) => expect(vaultNameOf(name)).toEqual(called));

it('of what is ordered is one that a vault takes, the same each time, and of no other hostname or lineage', () =>
  fc.assert(
    fc.property(hostname, hostname, fc.string(), fc.string(), (one, other, mine, theirs) => {
      expect(orderedNameOf(one, mine)).toMatch(/^[0-9a-zA-Z-]{1,127}$/);
      if (one !== other || mine !== theirs) expect(orderedNameOf(one, mine)).not.toBe(orderedNameOf(other, theirs));
    }),
    { numRuns: 500 },
  ));

it.each([
  ['orders.example.test', /^orders-example-test-[0-9a-f]{8}$/],
  ['*.example.test', /^wildcard---example-test-[0-9a-f]{8}$/],
  [`${'a'.repeat(63)}.${'b'.repeat(60)}`, /^sha256-[0-9a-f]{64}-[0-9a-f]{8}$/],
])('of what is ordered for %s is %s', (name, called) => expect(orderedNameOf(name, 'an endpoint')).toMatch(called));
