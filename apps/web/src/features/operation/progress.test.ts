import type { Operation, TrailEntry } from '@hostmaster/core/contract/operation';
import { describe, expect, it } from 'vitest';
import { shownSteps } from './progress';

const steps = ['admitted', 'records-applied', 'records-verified', 'reachable'];
const at = (second: number) => new Date(second * 1000).toISOString();
const entry = (step: string, state: TrailEntry['state'], second = 1): TrailEntry => ({
  step,
  state,
  at: at(second),
  message: `${step} ${state}`,
});
const shown = (state: Operation['state'], step: string, trail: TrailEntry[]) =>
  shownSteps({ steps, step, state, trail, reason: 'What it waits for.', progress: null, stalled: false }).map(
    ({ step: each, word }) => `${each}: ${word}`,
  );

describe('the steps of work', () => {
  it('that failed later on still say what was done', () => {
    const trail = [
      entry('admitted', 'done'),
      entry('records-applied', 'done'),
      entry('records-verified', 'done'),
      entry('reachable', 'failed'),
    ];
    expect(shown('failed', 'reachable', trail)).toEqual([
      'admitted: done',
      'records-applied: done',
      'records-verified: done',
      'reachable: failed',
    ]);
  });

  it('that were done once and not any more, or begun and not done, are never called “not reached”', () => {
    const trail = [
      entry('records-verified', 'done'),
      entry('records-verified', 'waiting', 2),
      entry('reachable', 'waiting', 3),
      entry('records-applied', 'failed', 4),
    ];
    expect(shown('failed', 'records-applied', trail)).toEqual([
      'admitted: not reached',
      'records-applied: failed',
      'records-verified: done once, and not so any more',
      'reachable: begun, and not done',
    ]);
  });

  it('say what the work is at, and why, with the time at which each was done first', () => {
    const trail = [entry('admitted', 'done', 3)];
    expect(
      shownSteps({ steps, step: 'records-applied', state: 'waiting', trail, reason: 'Refused.', progress: null, stalled: false }),
    ).toMatchObject([
      { word: 'done', at: at(3) },
      { word: 'now', message: 'Refused.', at: null },
      { word: 'to come' },
      { word: 'to come' },
    ]);
  });
});
