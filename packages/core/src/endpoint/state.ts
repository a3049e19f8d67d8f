// The life of an endpoint, from its first approved revision to the end of its name. The table is the only place that
// knows what may follow what; "live" is only ever entered by an observation.
import { HostmasterError } from '../errors.ts';

export const endpointStates = ['pending', 'live', 'degraded', 'retiring', 'retired'] as const;
export type EndpointState = (typeof endpointStates)[number];

/**
 * What can happen: every layer was seen as approved; a layer was seen otherwise; a new revision was approved; its
 * retirement was approved; its records were seen gone; a retired name was approved for a new claim.
 */
export const endpointEvents = ['observe-healthy', 'observe-broken', 'revise', 'retire', 'observe-gone', 'reclaim'] as const;
export type EndpointEvent = (typeof endpointEvents)[number];

const table: Record<EndpointState, Partial<Record<EndpointEvent, EndpointState>>> = {
  // Broken before it was ever live changes nothing: it is still on its way, and the operation says why.
  pending: { 'observe-healthy': 'live', 'observe-broken': 'pending', revise: 'pending', retire: 'retiring' },
  live: { 'observe-healthy': 'live', 'observe-broken': 'degraded', revise: 'pending', retire: 'retiring' },
  degraded: { 'observe-healthy': 'live', 'observe-broken': 'degraded', revise: 'pending', retire: 'retiring' },
  retiring: { 'observe-gone': 'retired' },
  retired: { reclaim: 'pending' },
};

/** The state that follows, or null where the event cannot happen in this state. */
export const nextEndpointState = (state: EndpointState, event: EndpointEvent): EndpointState | null => table[state][event] ?? null;

/** The state that follows. Errors: conflict where the event cannot happen. */
export function advanceEndpoint(state: EndpointState, event: EndpointEvent): EndpointState {
  const next = nextEndpointState(state, event);
  if (next === null) throw new HostmasterError('conflict', `An endpoint that is ${state} cannot ${event}.`);
  return next;
}

/** The table as a Mermaid state diagram, for the documentation. */
export function endpointStateDiagram(): string {
  const lines = endpointStates.flatMap((from) =>
    endpointEvents.flatMap((event) => {
      const to = nextEndpointState(from, event);
      return to === null ? [] : [`  ${from} --> ${to}: ${event}`];
    }),
  );
  return ['stateDiagram-v2', '  [*] --> pending', ...lines, ''].join('\n');
}
