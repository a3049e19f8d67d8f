import { describe, expect, it } from 'vitest';
import { operationStates, unfinishedStates } from './state.ts';
import { type Heartbeat, nobodyWorks, saidOf, silentSeconds, type Workforce, workforceOf } from './workforce.ts';

const noon = new Date('2026-11-28T12:00:00Z');
/** A worker that was last seen so many seconds before noon. */
const seen = (secondsAgo: number): Heartbeat => ({ lastSeenAt: new Date(noon.getTime() - secondsAgo * 1000), secondsAgo });
const silent: Workforce = { state: 'silent', since: new Date('2026-11-27T23:59:40Z') };

describe('the judgement of the workers', () => {
  it.each([
    ['none, where none was ever seen', [], { state: 'none' }],
    ['working, right after a heartbeat', [0], { state: 'working' }],
    ['working, while a late heartbeat may still come', [silentSeconds], { state: 'working' }],
    ['silent, once it cannot', [silentSeconds + 0.001], { state: 'silent', since: seen(silentSeconds + 0.001).lastSeenAt }],
    ['working, while one of several is', [9000, 3, 700], { state: 'working' }],
    ['silent since the last of several fell silent', [9000, 300, 700], { state: 'silent', since: seen(300).lastSeenAt }],
    ['working, where the clock that noted it was set back since', [-5], { state: 'working' }],
  ] as const)('is %s', (_, secondsAgo, workforce) => {
    expect(workforceOf(secondsAgo.map(seen))).toEqual(workforce);
  });

  it('is said with the day and the minute, and not at all while somebody works', () => {
    expect(nobodyWorks(silent)).toBe('No worker has been seen since 2026-11-27 23:59 UTC');
    expect(nobodyWorks({ state: 'none' })).toBe('No worker has been seen yet');
    expect(nobodyWorks({ state: 'working' })).toBeNull();
  });
});

describe('an operation', () => {
  const own = { reason: 'Approved; a worker takes it next.', movesNext: 'hostmaster' };
  const stalls = 'No worker has been seen since 2026-11-27 23:59 UTC; this goes on by itself as soon as one works.';

  it.each(operationStates)('that is %s says its own while somebody works', (state) => {
    expect(saidOf({ state, ...own }, { state: 'working' })).toEqual({ ...own, stalled: false });
  });

  it.each(unfinishedStates)('that is %s says that nobody works, since when, and who must act', (state) => {
    const said = saidOf({ state, ...own }, silent);
    expect(said).toMatchObject({ movesNext: 'whoever runs Hostmaster', stalled: true });
    expect(said.reason.endsWith(stalls)).toBe(true);
  });

  it('keeps what it waits for, and not that a worker is about to take it', () => {
    expect(saidOf({ state: 'pending', ...own }, silent).reason).toBe(stalls);
    expect(saidOf({ state: 'waiting', reason: '1 of 2 servers agree', movesNext: 'the name servers' }, silent).reason).toBe(
      `1 of 2 servers agree. ${stalls}`,
    );
  });

  it.each(['succeeded', 'failed', 'superseded'] as const)('that %s is not touched by who works', (state) => {
    expect(saidOf({ state, ...own }, silent)).toEqual({ ...own, stalled: false });
  });
});
