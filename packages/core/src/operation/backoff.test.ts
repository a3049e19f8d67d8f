import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffSeconds, defaultBackoff } from './backoff.ts';

const attempts = fc.integer({ min: 1, max: 1_000_000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the pause before the next try', () => {
  it.each([
    [1, 0, 0.25],
    [1, 0.999, 0.49975],
    [2, 0, 0.5],
    [5, 0.5, 6],
    [11, 0, 150],
    [1000, 0.5, 225],
  ])('after %i tries with %d is %d seconds', (tries, chance, seconds) => expect(backoffSeconds(tries, chance)).toBeCloseTo(seconds, 9));

  it('is never zero and never longer than the longest', () => {
    fc.assert(
      fc.property(attempts, random, (tries, chance) => {
        const seconds = backoffSeconds(tries, chance);
        expect(seconds).toBeGreaterThanOrEqual(defaultBackoff.first / 2);
        expect(seconds).toBeLessThanOrEqual(defaultBackoff.longest);
      }),
    );
  });

  it('grows with the tries, and spreads over half of its length so that many do not come back together', () => {
    fc.assert(
      fc.property(attempts, random, random, (tries, a, b) => {
        expect(backoffSeconds(tries + 1, a)).toBeGreaterThanOrEqual(backoffSeconds(tries, a));
        const full = backoffSeconds(tries, 0) * 2;
        expect(backoffSeconds(tries, Math.max(a, b)) - backoffSeconds(tries, Math.min(a, b))).toBeLessThanOrEqual(full / 2);
      }),
    );
  });

  it('follows the figures it is given', () => expect(backoffSeconds(3, 0, { first: 1, factor: 3, longest: 1000 })).toBe(4.5));
});
