import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayReview, type ReviewableRequest, type Reviewer, waitingGroups } from './separation.ts';
import { firstRequestState, openRequestStates, requestEvents, requestMachine, requestStates } from './state.ts';

const leads: Record<string, string> = {
  'in-review approve': 'approved',
  'in-review reject': 'rejected',
  'in-review cancel': 'cancelled',
  'approved applied': 'applied',
  'approved ground-moved': 'stale',
  'approved fail': 'failed',
};

describe('the states of a request', () => {
  it.each(requestStates.flatMap((state) => requestEvents.map((event) => [state, event] as const)))('%s, %s', (state, event) => {
    const next = leads[`${state} ${event}`] ?? null;
    expect(requestMachine.next(state, event)).toBe(next);
    if (next === null) expect(() => requestMachine.advance(state, event)).toThrowError(expect.objectContaining({ code: 'conflict' }));
    else expect(requestMachine.advance(state, event)).toBe(next);
  });

  it('begin approved where nobody must review, and end for good', () => {
    expect([firstRequestState([]), firstRequestState(['security-reviewer'])]).toEqual(['approved', 'in-review']);
    expect(requestStates.filter(requestMachine.isFinal)).toEqual(['applied', 'rejected', 'cancelled', 'stale', 'failed']);
    expect(openRequestStates).toEqual(['in-review', 'approved']);
  });

  it('are drawn from the table', () => {
    const drawn = requestMachine.diagram().split('\n');
    for (const [way, to] of Object.entries(leads)) expect(drawn).toContain(`  ${way.replace(' ', ` --> ${to}: `)}`);
  });
});

const personOf = (id: string, ...teamIds: string[]) => ({ kind: 'person', id, teamIds }) as const;
const reviewer = (more: Partial<Reviewer> = {}): Reviewer => ({
  person: personOf('sam'),
  roles: ['security-reviewer'],
  teams: [],
  ...more,
});
const request = (more: Partial<ReviewableRequest> = {}): ReviewableRequest => ({
  state: 'in-review',
  answering: { kind: 'person', id: 'ada' },
  reviewGroups: ['security-reviewer', 'team:edge'],
  reviews: [],
  ...more,
});

describe('four eyes', () => {
  it.each([
    ['a member of a group', reviewer(), request(), ['security-reviewer']],
    ['a member of a team', reviewer({ roles: [], teams: [{ slug: 'edge' }] }), request(), ['team:edge']],
    ['somebody of both groups', reviewer({ teams: [{ slug: 'edge' }] }), request(), ['security-reviewer', 'team:edge']],
    [
      'somebody of the group that is left',
      reviewer({ teams: [{ slug: 'edge' }] }),
      request({ reviews: [{ group: 'security-reviewer' }] }),
      ['team:edge'],
    ],
  ])('%s may', (_, who, what, groups) => {
    expect(mayReview(who, what)).toEqual({ ok: true, groups });
  });

  it.each([
    ['the requester', reviewer({ person: personOf('ada') }), request(), 'self-review'],
    [
      'a member of the team that answers for a service',
      reviewer({ person: personOf('sam', 'orders') }),
      request({ answering: { kind: 'team', id: 'orders' } }),
      'self-review',
    ],
    ['somebody of another group', reviewer({ roles: ['auditor'] }), request(), 'forbidden'],
    ['a team whose name begins alike', reviewer({ roles: [], teams: [{ slug: 'edge-two' }] }), request(), 'forbidden'],
    ['a role that is named like a team', reviewer({ roles: ['team:edge'] }), request({ reviewGroups: ['team:edge'] }), 'forbidden'],
    ['a group that decided already', reviewer(), request({ reviews: [{ group: 'security-reviewer' }] }), 'conflict'],
    ['anybody, once it is decided', reviewer(), request({ state: 'approved' }), 'conflict'],
  ])('%s may not', (_, who, what, code) => {
    expect(mayReview(who, what)).toMatchObject({ ok: false, code });
  });

  it('never let the requester, and only groups that still wait', () => {
    const group = fc.constantFrom('security-reviewer', 'platform-admin', 'team:a', 'team:b');
    const teamId = fc.constantFrom('a', 'b');
    const principal = fc.record({
      kind: fc.constant('person' as const),
      id: fc.constantFrom('ada', 'sam'),
      teamIds: fc.uniqueArray(teamId),
    });
    fc.assert(
      fc.property(
        fc.record({ person: principal, roles: fc.array(group), teams: fc.array(fc.record({ slug: teamId })) }),
        fc.record({
          state: fc.constantFrom(...requestStates),
          answering: fc.oneof(principal, fc.record({ kind: fc.constant('team' as const), id: teamId })),
          reviewGroups: fc.uniqueArray(group),
          reviews: fc.array(fc.record({ group })),
        }),
        (who, what) => {
          const answer = mayReview(who, what);
          if (!answer.ok) return;
          const { kind, id } = what.answering;
          expect(kind === 'person' ? id === who.person.id : who.person.teamIds.includes(id)).toBe(false);
          expect(what.state).toBe('in-review');
          expect(answer.groups.length).toBeGreaterThan(0);
          expect(waitingGroups(what)).toEqual(expect.arrayContaining([...answer.groups]));
        },
      ),
      { numRuns: 300 },
    );
  });
});
