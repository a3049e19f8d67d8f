import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actor } from '../policy/authorize.ts';
import { organisationRoles } from '../policy/roles.ts';
import { mayReview, ownWaitingGroups, type ReviewableRequest, waitingGroups } from './separation.ts';
import { firstRequestState, openRequestStates, requestEvents, requestMachine, requestStates } from './state.ts';

const leads: Record<string, string> = {
  'in-review approve': 'approved',
  'in-review reject': 'rejected',
  'in-review cancel': 'cancelled',
  'in-review supersede': 'superseded',
  'approved supersede': 'superseded',
  'approved cancel': 'cancelled',
  'approved applied': 'applied',
  'approved ground-moved': 'stale',
  'approved fail': 'failed',
};

describe('the states of a request', () => {
  it.each(requestStates.flatMap((state) => requestEvents.map((event) => [state, event] as const)))('%s, %s', (state, event) => {
    const next = leads[`${state} ${event}`] ?? null;
    expect(requestMachine.next(state, event)).toBe(next);
    const refusal = { code: 'conflict', message: expect.stringMatching(/^This request (cannot [a-z ]+: it is|is) [a-z ]+\.$/) };
    if (next === null) expect(() => requestMachine.advance(state, event)).toThrowError(expect.objectContaining(refusal));
    else expect(requestMachine.advance(state, event)).toBe(next);
  });

  it.each([
    ['cancelled', 'cancel', 'This request is cancelled already.'],
    ['applied', 'cancel', 'This request cannot be cancelled any more: it is applied.'],
    ['in-review', 'applied', 'This request cannot be applied: it is in review.'],
  ] as const)('%s × %s is refused in words', (state, event, message) => {
    expect(() => requestMachine.advance(state, event)).toThrow(message);
  });

  it('begin approved where nobody must review, and end for good', () => {
    expect([firstRequestState([]), firstRequestState(['security-reviewer'])]).toEqual(['approved', 'in-review']);
    expect(requestStates.filter(requestMachine.isFinal)).toEqual(['applied', 'rejected', 'cancelled', 'superseded', 'stale', 'failed']);
    expect(openRequestStates).toEqual(['in-review', 'approved']);
  });

  it('are drawn from the table', () => {
    const drawn = requestMachine.diagram().split('\n');
    for (const [way, to] of Object.entries(leads)) expect(drawn).toContain(`  ${way.replace(' ', ` --> ${to}: `)}`);
    expect(drawn).toEqual(expect.arrayContaining(['  [*] --> in-review: create', '  [*] --> approved: create without review']));
  });
});

const inTeam = (slug: string) => ({ id: slug, slug, role: 'member' }) as const;
const reviewer = (more: Partial<Pick<Actor, 'id' | 'roles' | 'teams'>> = {}): Actor => ({
  kind: 'person',
  id: 'sam',
  name: 'Sam',
  roles: ['security-reviewer'],
  teams: [],
  scopes: null,
  ...more,
});
const tokenOf = (owner: Actor, ...teamIds: string[]): Actor => ({
  ...owner,
  kind: 'service',
  id: 'token',
  answerer: { kind: 'person', id: owner.id, teamIds },
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
    ['a member of a team', reviewer({ roles: [], teams: [inTeam('edge')] }), request(), ['team:edge']],
    ['somebody of both groups', reviewer({ teams: [inTeam('edge')] }), request(), ['security-reviewer', 'team:edge']],
    [
      'somebody of the group that is left',
      reviewer({ teams: [inTeam('edge')] }),
      request({ reviews: [{ group: 'security-reviewer' }] }),
      ['team:edge'],
    ],
  ])('%s may', (_, who, what, groups) => {
    expect(mayReview(who, what)).toEqual({ ok: true });
    expect(ownWaitingGroups(who, what)).toEqual(groups);
  });

  it.each([
    ['the requester', reviewer({ id: 'ada' }), request(), 'self-review'],
    ['a token of the requester', tokenOf(reviewer({ id: 'ada' })), request(), 'self-review'],
    ['the system', { ...reviewer(), kind: 'system' } satisfies Actor, request(), 'forbidden'],
    [
      'a member of the team that answers for a service',
      tokenOf(reviewer(), 'orders'),
      request({ answering: { kind: 'team', id: 'orders' } }),
      'self-review',
    ],
    ['somebody of another group', reviewer({ roles: ['auditor'] }), request(), 'forbidden'],
    ['a team whose name begins alike', reviewer({ roles: [], teams: [inTeam('edge-two')] }), request(), 'forbidden'],
    [
      'a team that is called like a role',
      reviewer({ roles: [], teams: [inTeam('security-reviewer')] }),
      request({ reviewGroups: ['security-reviewer'] }),
      'forbidden',
    ],
    ['a role that reviews nothing', reviewer({ roles: ['auditor'] }), request({ reviewGroups: ['auditor'] }), 'forbidden'],
    ['a group that decided already', reviewer(), request({ reviews: [{ group: 'security-reviewer' }] }), 'conflict'],
    ['anybody, once it is decided', reviewer(), request({ state: 'approved' }), 'conflict'],
  ])('%s may not', (_, who, what, code) => {
    expect(mayReview(who, what)).toMatchObject({ ok: false, code });
  });

  it.each([
    ['one’s own request', request({ answering: { kind: 'person', id: 'sam' } }), 'Nobody reviews their own request.'],
    [
      'a request of one’s team',
      request({ answering: { kind: 'team', id: 'edge' } }),
      'Nobody reviews a request that their team answers for.',
    ],
    ['one that is over', request({ state: 'rejected' }), 'It is rejected and waits for no review.'],
    [
      'one that one’s groups decided',
      request({ reviews: [{ group: 'security-reviewer' }, { group: 'team:edge' }] }),
      'Somebody of security and edge decided on it already.',
    ],
    ['one for others', request({ reviewGroups: ['platform-admin', 'team:orders'] }), 'It is for the platform admins and orders to review.'],
    ['one that nobody reviews', request({ reviewGroups: [] }), 'It is for nobody to review.'],
  ])('say why not: %s', (_, what, reason) => {
    expect(mayReview(reviewer({ teams: [inTeam('edge')] }), what)).toMatchObject({ ok: false, reason });
  });

  it('never let the requester, and only groups that still wait', () => {
    const group = fc.constantFrom('security-reviewer', 'platform-admin', 'team:a', 'team:b');
    const teamId = fc.constantFrom('a', 'b');
    const personId = fc.constantFrom('ada', 'sam');
    fc.assert(
      fc.property(
        fc.record({ id: personId, roles: fc.subarray([...organisationRoles]), teams: fc.uniqueArray(teamId.map(inTeam)) }).map(reviewer),
        fc.record({
          state: fc.constantFrom(...requestStates),
          answering: fc.oneof(
            fc.record({ kind: fc.constant('person' as const), id: personId }),
            fc.record({ kind: fc.constant('team' as const), id: teamId }),
          ),
          reviewGroups: fc.uniqueArray(group),
          reviews: fc.array(fc.record({ group })),
        }),
        (who, what) => {
          if (!mayReview(who, what).ok) return;
          const { kind, id } = what.answering;
          expect(kind === 'person' ? id === who.id : who.teams.some((team) => team.id === id)).toBe(false);
          expect(what.state).toBe('in-review');
          const groups = ownWaitingGroups(who, what);
          expect(groups.length).toBeGreaterThan(0);
          expect(waitingGroups(what)).toEqual(expect.arrayContaining([...groups]));
        },
      ),
      { numRuns: 300 },
    );
  });
});
