import { describe, expect, it } from 'vitest';
import { checkPlace, placesOf, sharesOf } from './lane.ts';
import { operationPurposes } from './purpose.ts';

describe('the share of a team, and of what is tried again', () => {
  it.each([1, 2, 3, 4, 8, 16, 64, 256])('of %i slots is at least one, and never all where there are two', (slots) => {
    for (const share of Object.values(sharesOf(slots))) {
      expect(share).toBeGreaterThanOrEqual(1);
      if (slots > 1) expect(share).toBeLessThan(slots);
    }
  });
});

describe('the line of a team', () => {
  const everybody = operationPurposes.map((purpose) => ({ purpose, ...placesOf[purpose] }));
  const looks = everybody.filter(({ purpose }) => purpose === 'look' || purpose === 'read');

  it('has first attempts before the same thing tried again', () => {
    for (const { first, again, purpose } of everybody) expect(first, purpose).toBeLessThan(again);
  });

  it('has every first attempt at what somebody asked for before everything that is tried again', () => {
    const asked = everybody.filter((each) => !looks.includes(each)).map(({ first }) => first);
    expect(Math.max(...asked)).toBeLessThan(Math.min(...everybody.map(({ again }) => again)));
  });

  it('has renewals before any look, however often they were tried', () => {
    expect(placesOf.renewal.again).toBeLessThan(Math.min(...looks.map(({ first }) => first)));
  });

  it('has looks that nobody asked for at its end', () => {
    expect(checkPlace).toBeGreaterThan(Math.max(...everybody.map(({ again }) => again)));
  });
});
