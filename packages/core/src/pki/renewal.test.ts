import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  authorityUrgencyOf,
  broughtDueAt,
  daysLeft,
  isRenewalDue,
  renewalDueAt,
  type Urgency,
  urgencies,
  urgencyOf,
  urgencyWindow,
} from './renewal.ts';

const day = 86_400_000;
const notBefore = new Date('2026-01-01T00:00:00Z');
const validFor = (days: number) => ({ notBefore, notAfter: new Date(notBefore.getTime() + days * day - 1000) });
const withDaysLeft = (days: number, left: number) => new Date(validFor(days).notAfter.getTime() - left * day);

describe('renewal', () => {
  it.each([
    [90, 30],
    [47, 47 / 3],
    [10, 10 / 3],
    [9, 4.5],
    [1, 0.5],
  ])('a certificate of %d days is due with %d days left', (days, left) => {
    expect(renewalDueAt(validFor(days))).toEqual(withDaysLeft(days, left));
    expect(isRenewalDue(validFor(days), new Date(withDaysLeft(days, left).getTime() - 1))).toBe(false);
    expect(isRenewalDue(validFor(days), withDaysLeft(days, left))).toBe(true);
  });
});

it.each([
  [365, 30],
  [90, 30],
  [60, 20],
  [9, 4.5],
])('of a certificate of %d days that a team brings, the next one is asked for with %d days left', (days, left) =>
  expect(broughtDueAt(validFor(days))).toEqual(withDaysLeft(days, left)),
);

describe('urgency', () => {
  const cases: [number, number, Urgency][] = [
    [90, 30, 'none'],
    [90, 29.99, 'warning'],
    [90, 13.99, 'high'],
    [90, 6.99, 'urgent'],
    [90, 2.99, 'incident'],
    [90, 0, 'incident'],
    [90, -0.01, 'outage'],
    [365, 30, 'none'],
    [365, 29.99, 'warning'],
    [45, 15, 'none'],
    [45, 14.99, 'warning'],
    [45, 6.99, 'high'],
    [45, 3.49, 'urgent'],
    [45, 1.49, 'incident'],
    [9, 2.99, 'warning'],
  ];
  it.each(cases)('of %d days with %d left is %s', (days, left, expected) => {
    expect(urgencyOf(validFor(days), withDaysLeft(days, left))).toBe(expected);
  });

  it.each<[number, Urgency]>([
    [180, 'none'],
    [179.99, 'warning'],
    [83.99, 'high'],
    [41.99, 'urgent'],
    [17.99, 'incident'],
    [-0.01, 'outage'],
  ])('of a CA without a successor, which is told of half a year before, with %d days left is %s', (left, expected) =>
    expect(authorityUrgencyOf(validFor(3650), withDaysLeft(3650, left), 180)).toBe(expected),
  );

  it('has windows without a gap or an overlap, of which each holds the days left that it answers', () => {
    expect([...urgencies].reverse().map((urgency) => Object.values(urgencyWindow(urgency)))).toEqual([
      [null, 0],
      [0, 3],
      [3, 7],
      [7, 14],
      [14, 30],
      [30, null],
    ]);
    for (const urgency of urgencies) {
      const { from, until } = urgencyWindow(urgency);
      for (const left of [from, until === null ? null : until - 0.01])
        if (left !== null) expect(urgencyOf(validFor(90), withDaysLeft(90, left))).toBe(urgency);
    }
  });

  it('only ever rises as time passes, and never before the renewal is due', () => {
    const lifetimes = fc.integer({ min: 1, max: 400 });
    const fraction = fc.double({ min: 0, max: 1.2, noNaN: true });
    fc.assert(
      fc.property(lifetimes, fraction, fraction, (days, a, b) => {
        const validity = validFor(days);
        const at = (part: number) => new Date(notBefore.getTime() + part * days * day);
        const [early, late] = [Math.min(a, b), Math.max(a, b)].map((part) => urgencies.indexOf(urgencyOf(validity, at(part))));
        expect(early).toBeLessThanOrEqual(late ?? -1);
        if (urgencyOf(validity, at(a)) !== 'none') expect(isRenewalDue(validity, at(a))).toBe(true);
      }),
    );
  });

  it('counts whole days left', () => {
    expect(daysLeft(validFor(90), withDaysLeft(90, 2.5))).toBe(2);
    expect(daysLeft(validFor(90), withDaysLeft(90, -0.5))).toBe(-1);
  });
});
