import { describe, expect, it } from 'vitest';
import { operationStates, unfinishedStates } from './state.ts';
import {
  type Heartbeat,
  idleSeconds,
  type LaneSeen,
  nobodyWorks,
  saidOf,
  silentSeconds,
  type Workforce,
  workforceOf,
} from './workforce.ts';

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
    expect(workforceOf(secondsAgo.map(seen), [])).toEqual(workforce);
  });

  it('is said with the day and the minute, and not at all while somebody works', () => {
    expect(nobodyWorks(silent)).toBe('No worker has been seen since 2026-11-27 23:59 UTC');
    expect(nobodyWorks({ state: 'none' })).toBe('No worker has been seen yet');
    expect(nobodyWorks({ state: 'working' })).toBeNull();
  });
});

describe('a lane in which work waits', () => {
  const ago = (seconds: number | null) => (seconds === null ? null : seen(seconds).lastSeenAt);
  const lane = (takenSecondsAgo: number | null, waitingSeconds: number | null): LaneSeen => ({
    lane: 'probes',
    takenSecondsAgo,
    waitingSeconds,
    takenAt: ago(takenSecondsAgo),
    waitingSince: ago(waitingSeconds),
  });
  const long = idleSeconds + 1;
  const working: Workforce = { state: 'working' };
  const standing = (since: number): Workforce => ({ state: 'standing', lanes: [{ lane: 'probes', since: seen(since).lastSeenAt }] });

  it.each([
    ['is working, while nothing waits, however long nothing was taken up', lane(9000, null), working],
    ['is working, while a slot may still be at something', lane(idleSeconds, 9000), working],
    ['is working, while what waits has only just come', lane(9000, idleSeconds), working],
    ['is working, with a backlog of hours that is worked off', lane(3, 9000), working],
    ['stands, once something waits and nothing is taken up', lane(long, 9000), standing(long)],
    ['stands since something waits, where nothing was needed before', lane(9000, long), standing(long)],
    ['stands, where nothing was ever taken up', lane(null, long), standing(long)],
  ])('%s, though a worker is seen', (_, lanes, workforce) => {
    expect(workforceOf([seen(1)], [lanes])).toEqual(workforce);
  });

  it('says nothing of itself while no worker is seen at all: that says more', () => {
    expect(workforceOf([seen(9000)], [lane(long, long)])).toMatchObject({ state: 'silent' });
  });

  it('is named to whoever waits there, and to whoever asks for anything', () => {
    const workforce = standing(long);
    const said = 'No worker has taken up probes since 2026-11-28 11:59 UTC';
    expect([nobodyWorks(workforce), nobodyWorks(workforce, 'probes'), nobodyWorks(workforce, 'work')]).toEqual([said, said, null]);
    const own = { reason: 'Waits.', movesNext: 'hostmaster' };
    expect(saidOf({ state: 'waiting', lane: 'work', ...own }, workforce)).toEqual({ ...own, stalled: false });
    expect(saidOf({ state: 'waiting', lane: 'probes', ...own }, workforce)).toEqual({
      reason: `Waits. ${said}; this goes on by itself as soon as one works.`,
      movesNext: 'whoever runs Hostmaster',
      stalled: true,
    });
  });
});

describe('an operation', () => {
  const own = { lane: 'work', reason: 'Approved; a worker takes it next.', movesNext: 'hostmaster' } as const;
  const said = { reason: own.reason, movesNext: own.movesNext };
  const stalls = 'No worker has been seen since 2026-11-27 23:59 UTC; this goes on by itself as soon as one works.';

  it.each(operationStates)('that is %s says its own while somebody works', (state) => {
    expect(saidOf({ state, ...own }, { state: 'working' })).toEqual({ ...said, stalled: false });
  });

  it.each(unfinishedStates)('that is %s says that nobody works, since when, and who must act', (state) => {
    const told = saidOf({ state, ...own }, silent);
    expect(told).toMatchObject({ movesNext: 'whoever runs Hostmaster', stalled: true });
    expect(told.reason.endsWith(stalls)).toBe(true);
  });

  it('keeps what it waits for, and not that a worker is about to take it', () => {
    expect(saidOf({ state: 'pending', ...own }, silent).reason).toBe(stalls);
    expect(saidOf({ state: 'waiting', lane: 'work', reason: '1 of 2 servers agree', movesNext: 'the name servers' }, silent).reason).toBe(
      `1 of 2 servers agree. ${stalls}`,
    );
  });

  it.each(['succeeded', 'failed', 'superseded'] as const)('that %s is not touched by who works', (state) => {
    expect(saidOf({ state, ...own }, silent)).toEqual({ ...said, stalled: false });
  });
});
