// How fresh what is published of revocations is: a list or a response whose time is over is refused by whoever checks, or overlooked,
// which is worse.
import { hour } from '../duration.ts';

export const freshnesses = ['fresh', 'late', 'expired'] as const;
export type Freshness = (typeof freshnesses)[number];

/** A sweep comes every few seconds and is through with a million within this time: what is due for longer is not being done. */
const lateMilliseconds = hour;

export type Published = {
  /** Since when, or from when, the next of what is published is due; null where nothing is. */
  readonly dueAt: Date | null;
  /** Until when all of it holds; null where nothing is published yet. */
  readonly until: Date | null;
};

export function freshnessOf({ dueAt, until }: Published, now: Date): Freshness {
  if (until !== null && until <= now) return 'expired';
  return dueAt !== null && dueAt.getTime() + lateMilliseconds < now.getTime() ? 'late' : 'fresh';
}

/** The worse of several; fresh where there is none. */
export const worstFreshness = (all: readonly Freshness[]): Freshness => freshnesses.findLast((each) => all.includes(each)) ?? 'fresh';
