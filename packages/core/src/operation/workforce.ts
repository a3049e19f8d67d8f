// Whether anybody works, judged from the heartbeats that the workers write to the database; and what unfinished work says
// while nobody does: it would otherwise repeat for ever what it said last.
import { asSentence } from '../sentence.ts';
import { type OperationState, unfinishedStates } from './state.ts';

export const heartbeatSeconds = 5;
/** After three heartbeats that did not come, with time for the fourth to be late. */
export const silentSeconds = 20;

/** When a worker was last seen, and how long ago that is by the clock that noted it: clocks of two machines may differ. */
export type Heartbeat = { readonly lastSeenAt: Date; readonly secondsAgo: number };

export const isWorking = ({ secondsAgo }: Heartbeat): boolean => secondsAgo <= silentSeconds;

export type Workforce = { readonly state: 'none' } | { readonly state: 'silent'; readonly since: Date } | { readonly state: 'working' };

/** One worker that works is enough; without any, since when, by the one that was seen last. */
export function workforceOf(heartbeats: readonly Heartbeat[]): Workforce {
  const [first, ...others] = heartbeats;
  if (first === undefined) return { state: 'none' };
  const last = others.reduce((latest, each) => (each.secondsAgo < latest.secondsAgo ? each : latest), first);
  return isWorking(last) ? { state: 'working' } : { state: 'silent', since: last.lastSeenAt };
}

/** Without its full stop; null while somebody works. */
export function nobodyWorks(workforce: Workforce): string | null {
  if (workforce.state === 'working') return null;
  if (workforce.state === 'none') return 'No worker has been seen yet';
  return `No worker has been seen since ${minuteOf(workforce.since)}`;
}

/** "2026-11-20 11:03 UTC". */
export const minuteOf = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

type Said = { readonly state: OperationState; readonly reason: string; readonly movesNext: string };

/**
 * What an operation says of itself, and whether it is stalled: unfinished while nobody works. What it waits for holds still
 * then; that somebody is about to take it does not.
 */
export function saidOf({ state, reason, movesNext }: Said, workforce: Workforce): Omit<Said, 'state'> & { readonly stalled: boolean } {
  const why = nobodyWorks(workforce);
  if (why === null || !unfinishedStates.includes(state)) return { reason, movesNext, stalled: false };
  const stalls = `${why}; this goes on by itself as soon as one works.`;
  return {
    reason: state === 'waiting' ? `${asSentence(reason)} ${stalls}` : stalls,
    movesNext: 'whoever runs Hostmaster',
    stalled: true,
  };
}
