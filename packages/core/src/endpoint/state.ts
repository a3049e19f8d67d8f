// The life of an endpoint, from its first approved revision to the end of its name. The table is the only place that
// knows what may follow what; "live" is only ever entered by an observation.
import { stateMachine } from '../state-machine.ts';

export const endpointStates = ['pending', 'live', 'degraded', 'retiring', 'retired'] as const;
export type EndpointState = (typeof endpointStates)[number];

/**
 * What can happen: every layer was seen as approved; a layer was seen otherwise; a new revision was approved; its
 * retirement was approved; its records were seen gone; a retired name was approved for a new claim; the newest revision
 * was given up, and the one before counts again.
 */
export const endpointEvents = ['observe-healthy', 'observe-broken', 'revise', 'retire', 'observe-gone', 'reclaim', 'give-back'] as const;
export type EndpointEvent = (typeof endpointEvents)[number];

export const endpointMachine = stateMachine({
  subject: 'endpoint',
  states: endpointStates,
  events: endpointEvents,
  words: {
    'observe-healthy': 'be seen working',
    'observe-broken': 'be seen broken',
    revise: 'be changed',
    retire: 'be retired',
    'observe-gone': 'be seen gone',
    reclaim: 'be claimed anew',
    'give-back': 'be given back',
  },
  beginnings: [{ state: 'pending' }],
  transitions: {
    // Broken before it was ever live changes nothing: it is still on its way, and the operation says why. What counts again
    // after something was given up is looked at before anybody calls it live.
    pending: { 'observe-healthy': 'live', 'observe-broken': 'pending', revise: 'pending', retire: 'retiring', 'give-back': 'degraded' },
    live: { 'observe-healthy': 'live', 'observe-broken': 'degraded', revise: 'pending', retire: 'retiring', 'give-back': 'degraded' },
    degraded: { 'observe-healthy': 'live', 'observe-broken': 'degraded', revise: 'pending', retire: 'retiring', 'give-back': 'degraded' },
    // Whoever asks for the name again before it is gone keeps it.
    retiring: { revise: 'pending', retire: 'retiring', 'observe-gone': 'retired', 'give-back': 'degraded' },
    retired: { reclaim: 'pending' },
  },
});

/** On its way to what was asked for, or to its end. */
export const underWayStates = ['pending', 'retiring'] as const satisfies readonly EndpointState[];

/** Looked at again and again, without anybody asking. */
export const watchedStates = ['live', 'degraded'] as const satisfies readonly EndpointState[];
export const isWatched = (state: EndpointState): boolean => watchedStates.some((watched) => watched === state);

/** Its end was asked for, or has come. */
export const isLeaving = (state: EndpointState): boolean => state === 'retiring' || state === 'retired';

/** What people read of it, wherever it is said. */
export const endpointStateWords: Readonly<Record<EndpointState, string>> = {
  live: 'Live',
  pending: 'Applying',
  degraded: 'Needs attention',
  retiring: 'Being retired',
  retired: 'Retired',
};
