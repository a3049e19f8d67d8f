// What happened at each step of work, for people to read; nothing is decided by it. Runs begin at the first step each time
// and look whether the world is there already, so that most words on a step repeat an older one.
import type { TrailEntry } from '../contract/operation.ts';

const isReached = ({ state }: TrailEntry): boolean => state === 'done' || state === 'skipped';

/** The newest word on a step. */
export const lastWord = (trail: readonly TrailEntry[], step: string): TrailEntry | undefined =>
  trail.findLast((entry) => entry.step === step);

/** When a step was last reached, whatever was met at it since. */
export const reachedAt = (trail: readonly TrailEntry[], step: string): TrailEntry | undefined =>
  trail.findLast((entry) => entry.step === step && isReached(entry));

/**
 * The trail with one more word. What a later run finds as it was keeps the time and the words of the run that brought it
 * about; a wait keeps the time at which it began. What was reached stays beside what was met at the same step later, until
 * it is reached again: at most two words a step.
 */
export function withEntry(trail: readonly TrailEntry[], entry: TrailEntry): TrailEntry[] {
  const last = lastWord(trail, entry.step);
  if (last !== undefined && isReached(entry) && last.state === entry.state) return [...trail];
  const others = trail.filter(({ step }) => step !== entry.step);
  const reached = isReached(entry) ? undefined : reachedAt(trail, entry.step);
  const at = last?.state === entry.state ? last.at : entry.at;
  return [...others, ...(reached === undefined ? [] : [reached]), { ...entry, at }];
}
