import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignDraft, campaignScope } from '../contract/campaign.ts';
import { minutesFor, roomFor } from './pace.ts';
import { campaignPlanHash } from './plan-hash.ts';
import { campaignEvents, campaignMachine, campaignStates } from './state.ts';

describe('a campaign', () => {
  it('moves by its table alone', () => {
    const table = campaignStates.map((state) => [
      state,
      campaignEvents.flatMap((event) => {
        const next = campaignMachine.next(state, event);
        return next === null ? [] : [`${event} → ${next}`];
      }),
    ]);
    expect(Object.fromEntries(table)).toEqual({
      proposed: ['start → running', 'stop → stopped'],
      running: ['pause → paused', 'stop → stopped', 'finish → finished'],
      paused: ['resume → running', 'stop → stopped'],
      stopped: [],
      finished: [],
    });
  });

  it('takes up no more in any minute than its pace says, whenever its rounds come, and all of that where they come often', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 60 }), (pace, pauses) => {
        const taken: { at: number; count: number }[] = [];
        const lately = (at: number) => taken.filter((one) => one.at > at - 60).reduce((sum, { count }) => sum + count, 0);
        let at = 0;
        for (const pause of pauses) {
          at += pause;
          taken.push({ at, count: roomFor(pace, lately(at)) });
          expect(lately(at)).toBeLessThanOrEqual(pace);
        }
      }),
      { numRuns: 200 },
    );
    let taken = 0;
    for (let round = 0; round < 20; round += 1) taken += roomFor(50, taken);
    expect([taken, roomFor(50, 50), roomFor(1, 0), roomFor(10, 90)]).toEqual([50, 0, 1, 0]);
    expect([minutesFor(0, 60), minutesFor(1, 60), minutesFor(61, 60)]).toEqual([0, 1, 2]);
  });
});

describe('the plan hash', () => {
  const asOf = new Date('2026-11-20T12:00:00Z');
  const planned = { action: 'replace' as const, reason: null, scope: { issuers: ['b', 'a'], team: 'orders' }, asOf };
  it('is the same for the same certificates, in whatever order they are named', () =>
    expect(campaignPlanHash({ ...planned, scope: { team: 'orders', issuers: ['a', 'b', 'a'] } })).toBe(campaignPlanHash(planned)));
  it.each([
    ['scope', { scope: { team: 'orders' } }],
    ['time', { asOf: new Date('2026-11-20T12:00:01Z') }],
    ['action', { action: 'revoke', reason: 'superseded' }],
    ['reason', { action: 'revoke', reason: 'keyCompromise' }],
  ] as const)('is another one where the %s is another', (_, change) =>
    expect(campaignPlanHash({ ...planned, ...change })).not.toBe(campaignPlanHash(planned)),
  );
});

describe('a scope', () => {
  it.each([
    ['names something', {}],
    ['names serials that are some', { serials: [] }],
    ['names no more than 1,000 of them', { serials: Array.from({ length: 1001 }, (_, n) => n.toString(16)) }],
    ['names serials that can be some', { serials: ["' OR 1=1 --"] }],
    ['has its times in order', { issuedAfter: '2026-11-02T00:00:00Z', issuedBefore: '2026-11-01T00:00:00Z' }],
    ['holds nothing that nobody knows', { profile: 'server', team: 'a' }],
  ])('%s', (_, scope) => expect(campaignScope.safeParse(scope).success).toBe(false));

  it('goes with a reason where it is revoked, and with none where it is replaced', () => {
    const scope = { team: 'orders' };
    const accepted = (draft: object) => campaignDraft.safeParse({ scope, ...draft }).success;
    expect([accepted({ action: 'replace' }), accepted({ action: 'revoke', reason: 'superseded' })]).toEqual([true, true]);
    expect([accepted({ action: 'replace', reason: 'superseded' }), accepted({ action: 'revoke' })]).toEqual([false, false]);
    expect([accepted({ action: 'replace', pace: 0 }), accepted({ action: 'replace', pace: 3001 })]).toEqual([false, false]);
  });
});
