import { describe, expect, it } from 'vitest';
import type { TrailEntry } from '../contract/operation.ts';
import { lastWord, reachedAt, withEntry } from './trail.ts';

const entry = (step: string, state: TrailEntry['state'], second: number, message: string = state): TrailEntry => ({
  step,
  state,
  at: new Date(second * 1000).toISOString(),
  message,
});
const told = (...entries: TrailEntry[]) => entries.reduce<TrailEntry[]>(withEntry, []);

describe('the trail of work', () => {
  it('keeps when and how a step was done, however often a later run finds it so', () => {
    const first = entry('records-applied', 'done', 1, '1 record set changed.');
    expect(told(first, entry('records-applied', 'done', 60, 'The records were already right.'))).toEqual([first]);
  });

  it('keeps that a step was done when a later run meets a wait or a failure at it', () => {
    for (const state of ['waiting', 'failed'] as const) {
      const trail = told(entry('records-verified', 'done', 1), entry('records-verified', state, 60));
      expect(trail.map((each) => each.state)).toEqual(['done', state]);
      expect(lastWord(trail, 'records-verified')?.state).toBe(state);
      expect(reachedAt(trail, 'records-verified')?.at).toBe(new Date(1000).toISOString());
    }
  });

  it('stamps a step anew where it was done again after it was not', () => {
    const again = entry('records-verified', 'done', 90);
    expect(told(entry('records-verified', 'done', 1), entry('records-verified', 'waiting', 60), again)).toEqual([again]);
  });

  it('says since when a step waits, with the newest reason', () => {
    expect(told(entry('reachable', 'waiting', 1, 'refused'), entry('reachable', 'waiting', 31, 'timed out'))).toEqual([
      entry('reachable', 'waiting', 1, 'timed out'),
    ]);
  });

  it('never holds more than two words on a step', () => {
    const states = ['waiting', 'done', 'waiting', 'failed', 'done', 'failed', 'waiting'] as const;
    for (let length = 1; length <= states.length; length += 1)
      expect(told(...states.slice(0, length).map((state, at) => entry('reachable', state, at))).length).toBeLessThanOrEqual(2);
  });
});
