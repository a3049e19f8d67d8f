// Whether anybody works, and in each lane, judged from what the workers write to the database; and what unfinished work says
// while nobody does: it would otherwise repeat for ever what it said last.

import { minuteOf } from '../said-time.ts';
import { asSentence } from '../sentence.ts';
import { type Lane, laneWords } from './lane.ts';
import { operator } from './moves-next.ts';
import { type OperationState, unfinishedStates } from './state.ts';

export const heartbeatSeconds = 5;
/** After three heartbeats that did not come, with time for the fourth to be late. */
export const silentSeconds = 20;

/** When a worker was last seen, and how long ago that is by the clock that noted it: clocks of two machines may differ. */
export type Heartbeat = { readonly lastSeenAt: Date; readonly secondsAgo: number };

export const isWorking = ({ secondsAgo }: Heartbeat): boolean => secondsAgo <= silentSeconds;

/** Longer than any run: every slot of a lane takes something up again within that, where anything waits. */
export const idleSeconds = 45;

/** What is known of a lane, by the clock of the database: since when it has had something that waits, and when something was last taken up. */
export type LaneSeen = {
  readonly lane: Lane;
  readonly takenAt: Date | null;
  readonly takenSecondsAgo: number | null;
  readonly waitingSince: Date | null;
  readonly waitingSeconds: number | null;
};

/** Something waits there, and nothing was taken up for longer than anything takes: its queue does not reach the workers, or they hang. */
export const isStanding = ({ takenSecondsAgo, waitingSeconds }: LaneSeen): boolean =>
  (waitingSeconds ?? 0) > idleSeconds && (takenSecondsAgo ?? Number.POSITIVE_INFINITY) > idleSeconds;

export type StandingLane = { readonly lane: Lane; readonly since: Date };

export type Workforce =
  | { readonly state: 'none' }
  | { readonly state: 'silent'; readonly since: Date }
  | { readonly state: 'standing'; readonly lanes: readonly StandingLane[] }
  | { readonly state: 'working' };

/**
 * One worker that works is enough; without any, since when, by the one that was seen last. A worker that lives and takes nothing up
 * does not count for the lane where that is so.
 */
export function workforceOf(heartbeats: readonly Heartbeat[], lanes: readonly LaneSeen[]): Workforce {
  const [first, ...others] = heartbeats;
  if (first === undefined) return { state: 'none' };
  const last = others.reduce((latest, each) => (each.secondsAgo < latest.secondsAgo ? each : latest), first);
  if (!isWorking(last)) return { state: 'silent', since: last.lastSeenAt };
  const standing = lanes.filter(isStanding).map((each) => ({ lane: each.lane, since: standingSince(each) }));
  return standing.length === 0 ? { state: 'working' } : { state: 'standing', lanes: standing };
}

/** Nothing was taken up since: what was before anything waited says nothing. */
const standingSince = ({ takenAt, waitingSince }: LaneSeen): Date =>
  new Date(Math.max(takenAt?.getTime() ?? 0, waitingSince?.getTime() ?? 0));

/**
 * Without its full stop; null while somebody works.
 * @param lane where it matters; in any, where left out
 */
export function nobodyWorks(workforce: Workforce, lane?: Lane): string | null {
  if (workforce.state === 'working') return null;
  if (workforce.state === 'none') return 'No worker has been seen yet';
  if (workforce.state === 'silent') return `No worker has been seen since ${minuteOf(workforce.since)}`;
  const standing = workforce.lanes.find((each) => lane === undefined || each.lane === lane);
  return standing === undefined ? null : `No worker has taken up ${laneWords[standing.lane]} since ${minuteOf(standing.since)}`;
}

type Said = { readonly state: OperationState; readonly lane: Lane; readonly reason: string; readonly movesNext: string };

/**
 * What an operation says of itself, and whether it is stalled: unfinished while nobody works. What it waits for holds still
 * then; that somebody is about to take it does not.
 */
export function saidOf(
  { state, lane, reason, movesNext }: Said,
  workforce: Workforce,
): Pick<Said, 'reason' | 'movesNext'> & { readonly stalled: boolean } {
  const why = nobodyWorks(workforce, lane);
  if (why === null || !unfinishedStates.includes(state)) return { reason, movesNext, stalled: false };
  const stalls = `${why}; this goes on by itself as soon as one works.`;
  return {
    reason: state === 'waiting' ? `${asSentence(reason)} ${stalls}` : stalls,
    movesNext: operator,
    stalled: true,
  };
}
