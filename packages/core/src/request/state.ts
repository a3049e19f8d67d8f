// The life of a request: decided by people, then by the world. The table is the only place that knows what may follow what.
import { stateMachine } from '../state-machine.ts';

export const requestStates = ['in-review', 'approved', 'applied', 'rejected', 'cancelled', 'superseded', 'stale', 'failed'] as const;
export type RequestState = (typeof requestStates)[number];

/**
 * `approve` is the last missing review; `supersede`: a newer wish for the name takes its place; `ground-moved`: the world changed so that the approved
 * plan is no longer the plan.
 */
export const requestEvents = ['approve', 'reject', 'cancel', 'supersede', 'applied', 'ground-moved', 'fail'] as const;
export type RequestEvent = (typeof requestEvents)[number];

export const requestMachine = stateMachine({
  subject: 'request',
  states: requestStates,
  events: requestEvents,
  words: {
    approve: 'be approved',
    reject: 'be rejected',
    cancel: 'be cancelled',
    supersede: 'be superseded',
    applied: 'be applied',
    'ground-moved': 'be found out of date',
    fail: 'fail',
  },
  beginnings: [
    { state: 'in-review', how: 'create' },
    { state: 'approved', how: 'create without review' },
  ],
  transitions: {
    'in-review': { approve: 'approved', reject: 'rejected', cancel: 'cancelled', supersede: 'superseded' },
    // Approved work may be under way: what it has begun is then given back (purpose `cancellation`), or
    // taken along by the wish that takes its place.
    approved: { applied: 'applied', 'ground-moved': 'stale', fail: 'failed', cancel: 'cancelled', supersede: 'superseded' },
    applied: {},
    rejected: {},
    cancelled: {},
    superseded: {},
    stale: {},
    failed: {},
  },
});

/** Where a request begins: with the groups that must review it, or approved where none must. */
export const firstRequestState = (reviewGroups: readonly string[]): RequestState => (reviewGroups.length > 0 ? 'in-review' : 'approved');

/** Not over: somebody or something still moves it. */
export const openRequestStates = requestStates.filter((state) => !requestMachine.isFinal(state));

/** What such a request asked for counts: it is on its way, or was done. */
export const countingRequestStates: readonly RequestState[] = [...openRequestStates, 'applied'];
