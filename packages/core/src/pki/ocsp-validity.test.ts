import { describe, expect, it } from 'vitest';
import { ocspRefreshAt, ocspValidity } from './ocsp-validity.ts';
import { testNow as now } from './testing/authority.ts';

const day = 86_400_000;
const after = (days: number): Date => new Date(now.getTime() + days * day);
const minutes = (date: Date): number => (date.getTime() - now.getTime()) / 60_000;

describe('an OCSP response', () => {
  it('holds for four days from five minutes ago, and is replaced at half of that', () => {
    const times = ocspValidity(now, after(20));
    expect([minutes(times.producedAt), minutes(times.thisUpdate), minutes(times.nextUpdate)]).toEqual([0, -5, 4 * 1440 - 5]);
    expect(minutes(ocspRefreshAt(times, after(60)))).toBe(2 * 1440 - 5);
  });

  it('holds no longer than the certificate of its signer, and is replaced the sooner', () => {
    const times = ocspValidity(now, after(1));
    expect(times.nextUpdate).toEqual(after(1));
    expect(minutes(ocspRefreshAt(times, after(60)))).toBe(720 - 2.5);
  });

  it('is due where its certificate ends', () => {
    expect(ocspRefreshAt(ocspValidity(now, after(20)), after(0.5))).toEqual(after(0.5));
  });
});
