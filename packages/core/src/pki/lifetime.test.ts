import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpointContract } from '../contract/endpoint.ts';
import { day, hour, minute } from '../duration.ts';
import { defaultBackoff } from '../operation/backoff.ts';
import { asDaysOrHours, hoursAskedFor, hoursInWords, leastHours, mostDays, mostHours } from './lifetime.ts';
import { orderValidity, serverProfile } from './profile.ts';
import { endOf, isRenewalDue, leftInWords, renewalDueAt, urgencyOf } from './renewal.ts';

const moments = fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2030-01-01T00:00:00Z'), noInvalidDate: true });
const asked = fc.oneof(
  fc.integer({ min: leastHours, max: mostHours }),
  fc.integer({ min: 1, max: mostDays }).map((days) => days * 24),
);
const lasting = { notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2040-01-01T00:00:00Z') };

describe('whatever lifetime is asked for, and whenever', () => {
  it('a certificate is usable for that, less the five minutes that a day and more begin earlier, in whole seconds', () =>
    fc.assert(
      fc.property(asked, moments, (hours, now) => {
        const { notBefore, notAfter } = orderValidity(serverProfile, lasting, now, hours);
        const usable = notAfter.getTime() - now.getTime();
        expect([notBefore, notAfter].map((time) => time.getTime() % 1000)).toEqual([0, 0]);
        expect(notBefore.getTime()).toBeLessThanOrEqual(now.getTime() - 5 * minute);
        expect(usable).toBeLessThanOrEqual(hours * hour);
        expect(usable).toBeGreaterThan(hours * hour - (hours < 24 ? 2000 : 5 * minute + 3000));
        expect(notAfter.getTime() - notBefore.getTime()).toBeLessThan(mostDays * day);
      }),
    ));

  it('its renewal is due neither at once nor too late for six of the longest pauses between tries, and before it is pressing', () =>
    fc.assert(
      fc.property(asked, moments, (hours, now) => {
        const validity = orderValidity(serverProfile, lasting, now, hours);
        const due = renewalDueAt(validity);
        expect(isRenewalDue(validity, now)).toBe(false);
        expect(due.getTime() - now.getTime()).toBeGreaterThan(25 * minute);
        expect(validity.notAfter.getTime() - due.getTime()).toBeGreaterThanOrEqual(6 * defaultBackoff.longest * 1000);
        expect(urgencyOf(validity, new Date(due.getTime() - 1))).toBe('none');
        expect(urgencyOf(validity, new Date(validity.notAfter.getTime() + 1))).toBe('outage');
      }),
    ));

  it('it never outlives who signs it', () =>
    fc.assert(
      fc.property(asked, moments, fc.integer({ min: 1, max: 1000 * 24 }), (hours, now, left) => {
        const notAfter = new Date(now.getTime() + left * hour);
        expect(orderValidity(serverProfile, { ...lasting, notAfter }, now, hours).notAfter.getTime()).toBeLessThanOrEqual(
          notAfter.getTime(),
        );
      }),
    ));

  it('a plan says it in days where it is some, and in hours elsewhere, which is the same again', () =>
    fc.assert(
      fc.property(asked, (hours) => {
        const { days, ...more } = asDaysOrHours(hours);
        expect(hoursAskedFor({ days: days ?? undefined, ...more })).toBe(hours);
        expect(hoursInWords(hours)).toBe(days === null ? `${hours} hour${hours === 1 ? '' : 's'}` : `${days} day${days === 1 ? '' : 's'}`);
      }),
    ));
});

it('nothing is asked for where neither days nor hours are given', () => expect(hoursAskedFor({})).toBeNull());

it('what ends within days is said to the minute, and what is left in the unit that says something', () => {
  const now = new Date('2026-11-20T12:00:00Z');
  const validFor = (milliseconds: number) => ({ notBefore: now, notAfter: new Date(now.getTime() + milliseconds - 1000) });
  expect([hour, 9 * day, 10 * day].map((each) => endOf(validFor(each)))).toEqual([
    '2026-11-20 12:59 UTC',
    '2026-11-29 11:59 UTC',
    '30 Nov 2026',
  ]);
  const left = [30_000, minute, 25 * minute, hour, 23.9 * hour, day, 730 * day];
  expect(left.map((each) => leftInWords(validFor(each + 1000), now))).toEqual([
    'less than a minute',
    '1 minute',
    '25 minutes',
    '1 hour',
    '23 hours',
    '1 day',
    '730 days',
  ]);
});

it.each([
  [{ hours: 0 }, 'tls.hours'],
  [{ hours: -1 }, 'tls.hours'],
  [{ hours: 1.5 }, 'tls.hours'],
  [{ hours: mostHours + 1 }, 'tls.hours'],
  [{ hours: '1' }, 'tls.hours'],
  [{ hours: Number.NaN }, 'tls.hours'],
  [{ hours: 2 ** 53 }, 'tls.hours'],
  [{ days: 0 }, 'tls.days'],
  [{ days: mostDays + 1 }, 'tls.days'],
  [{ days: Number.POSITIVE_INFINITY }, 'tls.days'],
])('a contract with %j is refused', (tls, path) => {
  const contract = { hostname: 'a.example.test', team: 'a', target: { addresses: ['192.0.2.1'] }, tls };
  expect(endpointContract.safeParse(contract).error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
});
