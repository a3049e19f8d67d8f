import { operationStates, unfinishedStates } from '@hostmaster/core/operation/state';
import { stageWords } from '@hostmaster/core/request/stage';
import { describe, expect, it } from 'vitest';
import { givingBackTitle, hasDecided, shownOf, workNote, workTitle } from './shown';

const work = (state: (typeof operationStates)[number], stalled = false) => ({ state, stalled });
const contract = { target: { addresses: ['192.0.2.10'] } };
const ended = ['rejected', 'cancelled', 'superseded', 'stale', 'failed'] as const;

it('is decided by whom it was decided by, and not by somebody of the same name', () => {
  const review = { group: 'security-reviewer', reviewer: 'Sam Ito', reviewerId: 'sam-1', decision: 'approve' as const };
  const reviews = [{ ...review, reason: 'x', planHash: 'x', at: '2026-01-01T00:00:00.000Z' }];
  expect(hasDecided({ reviews }, { id: 'sam-1' })).toBe(true);
  expect(hasDecided({ reviews }, { id: 'sam-2' })).toBe(false);
});

describe('the head of a request', () => {
  it.each(ended.flatMap((state) => operationStates.map((of) => [state, of] as const)))(
    'says that it is %s, whatever became of its work (%s)',
    (state, of) => {
      const shown = shownOf({ state, kind: 'create', stage: state, contract }, work(of));
      expect(shown).toMatchObject({ word: stageWords[state], moving: false, live: false, planTitle: 'What was asked for' });
      expect(shown.mark).not.toBe('ok');
      expect(workTitle({ state }, work(of))).toBe('How far it came');
    },
  );

  it.each([
    ['in-review', 'create', 'in-review', null, 'In review', 'wait', 'What will happen'],
    ['approved', 'create', 'approved', null, 'Approved', 'wait', 'What will happen'],
    ['approved', 'create', 'approved', 'pending', 'Approved', 'wait', 'What will happen'],
    ['approved', 'create', 'approved', 'running', 'Applying', 'wait', 'What will happen'],
    ['approved', 'create', 'applying', 'succeeded', 'Live', 'ok', 'What happened'],
    ['applied', 'change', 'applying', 'waiting', 'Applying', 'wait', 'What happened'],
    ['applied', 'change', 'applying', 'failed', 'Applied, never seen working', 'bad', 'What happened'],
    ['applied', 'change', 'unseen', 'superseded', 'Applied, never seen working', 'bad', 'What happened'],
    ['applied', 'change', 'live', 'succeeded', 'Live', 'ok', 'What happened'],
    ['applied', 'change', 'degraded', 'succeeded', 'Needs attention', 'bad', 'What happened'],
    ['applied', 'change', 'past', 'succeeded', 'Was in force', 'none', 'What happened'],
    ['applied', 'retire', 'applying', 'succeeded', 'Retired', 'none', 'What happened'],
  ] as const)('%s %s at “%s” whose work is %s reads “%s”', (state, kind, stage, of, word, mark, planTitle) => {
    expect(shownOf({ state, kind, stage, contract }, of && work(of))).toMatchObject({ word, mark, planTitle, live: word === 'Live' });
  });

  it('is not called live where a certificate alone was asked for', () => {
    const alone = { state: 'approved', kind: 'create', stage: 'applying', contract: { target: { certificateOnly: true } } } as const;
    expect(shownOf(alone, work('succeeded'))).toMatchObject({ word: 'Issued', mark: 'ok', live: false });
  });

  it('moves while somebody is at it, and not while no worker works', () => {
    for (const of of unfinishedStates) {
      expect(shownOf({ state: 'approved', kind: 'create', stage: 'applying', contract }, work(of)).moving).toBe(true);
      expect(shownOf({ state: 'approved', kind: 'create', stage: 'applying', contract }, work(of, true)).moving).toBe(false);
    }
  });
});

it.each([
  ['approved', work('running'), 'Making it so'],
  ['approved', work('running', true), 'Waits for a worker'],
  ['applied', work('succeeded'), 'Everything is done'],
  ['applied', work('failed'), 'How far it came'],
] as const)('the work on a request that is %s is titled after how it stands', (state, of, title) => {
  expect(workTitle({ state }, of)).toBe(title);
});

it.each([
  [work('running'), 'Giving back what was begun'],
  [work('waiting', true), 'Giving back what was begun waits for a worker'],
  [work('succeeded'), 'What was begun is given back'],
  [work('failed'), 'What was begun could not be given back'],
  [work('superseded'), 'Giving back what was begun'],
] as const)('giving back is never called anything else', (of, title) => {
  expect(givingBackTitle(of)).toBe(title);
});

describe('why the work stands where it does', () => {
  const of = (state: (typeof operationStates)[number], error = false) => ({
    state,
    reason: 'As the work says.',
    error: error ? { code: 'dns-refused', message: 'Refused.', remedy: 'Look.' } : null,
  });
  const cancelled = { state: 'cancelled', summary: 'Cancelled by Ada: no.', supersededBy: null } as const;
  const superseded = { state: 'superseded', summary: '', supersededBy: { id: 'newer', number: 12 } } as const;
  const applied = { state: 'applied', summary: 'Applied.', supersededBy: null } as const;
  it.each([
    ['what was cancelled, by whom', cancelled, of('superseded'), true, 'Cancelled by Ada: no.'],
    ['what was superseded, by which request', superseded, of('superseded'), true, 'Request #12 took its place.'],
    ['what newer work overtook, that', applied, of('superseded'), true, 'Newer work on the name took its place.'],
    ['giving back that newer work overtook, that', cancelled, of('superseded'), false, 'Newer work on the name took its place.'],
    ['what failed, at its step', applied, of('failed', true), true, null],
    ['what was given back, in its title', cancelled, of('succeeded'), false, null],
    ['everything else, in its own words', applied, of('waiting', true), true, 'As the work says.'],
  ])('%s', (_, request, operation, own, note) => {
    expect(workNote(request, operation, own)).toBe(note);
  });
});
