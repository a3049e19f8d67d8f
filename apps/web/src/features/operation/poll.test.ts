import type { Operation } from '@hostmaster/core/contract/operation';
import { describe, expect, it } from 'vitest';
import { isUnderWay, pollEvery } from './poll';

const later = '2026-11-20T14:02:31Z';

it.each([
  ['pending', null, false, true],
  ['running', null, false, true],
  ['waiting', null, false, true],
  ['waiting', later, false, false],
  ['pending', null, true, false],
  ['succeeded', null, false, false],
] as const)('work that is %s with the next try at %s, stalled %s, is under way: %s', (state, nextAttempt, stalled, is) => {
  expect(isUnderWay({ state, nextAttempt, stalled })).toBe(is);
});

describe('work is looked at again', () => {
  const of = (more: Partial<Operation>) => ({ state: 'waiting', attempts: 1, stalled: false, ...more }) as Operation;

  it('until it is over', () => {
    expect([pollEvery(null), pollEvery(of({ state: 'succeeded' })), pollEvery(of({ state: 'superseded' }))]).toEqual([false, false, false]);
  });

  it('less often once it has waited for long, or while no worker works', () => {
    expect([pollEvery(of({ attempts: 3 })), pollEvery(of({ state: 'running', attempts: 9 }))]).toEqual([300, 300]);
    expect([pollEvery(of({ attempts: 4 })), pollEvery(of({ state: 'pending', stalled: true }))]).toEqual([2000, 2000]);
  });
});
