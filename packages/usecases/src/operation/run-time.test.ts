import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runTime } from './run-time.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('the time of a run is up unless it is renewed before, and ends nothing once the run is over', () => {
  const stalls = runTime(28);
  const getsOn = runTime(28);
  const over = runTime(28);
  over.release();
  for (let second = 0; second < 60; second += 20) {
    getsOn.renew();
    vi.advanceTimersByTime(20_000);
  }
  expect([stalls, getsOn, over].map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
  expect(stalls.signal.reason).toMatchObject({ name: 'TimeoutError' });
  vi.advanceTimersByTime(28_000);
  expect([getsOn, over].map(({ signal }) => signal.aborted)).toEqual([true, false]);
});
