import { describe, expect, it } from 'vitest';
import { freshnessOf, worstFreshness } from './freshness.ts';
import { testNow as now } from './testing/authority.ts';

const at = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);

describe('what is published of revocations', () => {
  it.each([
    ['is fresh before it is due', at(10), at(5000), 'fresh'],
    ['is fresh while a sweep may still be at it', at(-60), at(5000), 'fresh'],
    ['is late an hour after that', at(-61), at(5000), 'late'],
    ['is late where it was never made', at(-61), null, 'late'],
    ['is expired once its time is over', at(-5000), at(0), 'expired'],
    ['is expired whatever is due', at(10), at(-1), 'expired'],
    ['is fresh where there is nothing', null, null, 'fresh'],
  ] as const)('%s', (_, dueAt, until, freshness) => {
    expect(freshnessOf({ dueAt, until }, now)).toBe(freshness);
  });

  it('is as bad as the worst of it', () => {
    expect(worstFreshness([])).toBe('fresh');
    expect(worstFreshness(['late', 'fresh'])).toBe('late');
    expect(worstFreshness(['late', 'expired', 'fresh'])).toBe('expired');
  });
});
