// The life of a request: decided by people, then by the world. The table is the only place that knows what may follow what.
import { HostmasterError } from '../errors.ts';

export const requestStates = ['in-review', 'approved', 'applied', 'rejected', 'cancelled', 'stale', 'failed'] as const;
export type RequestState = (typeof requestStates)[number];

/** `approve` is the last missing review; `ground-moved`: the world changed so that the approved plan is no longer the plan. */
export const requestEvents = ['approve', 'reject', 'cancel', 'applied', 'ground-moved', 'fail'] as const;
export type RequestEvent = (typeof requestEvents)[number];

const table: Record<RequestState, Partial<Record<RequestEvent, RequestState>>> = {
  'in-review': { approve: 'approved', reject: 'rejected', cancel: 'cancelled' },
  // Approved work may be under way: it is undone by a new request, never cancelled half done.
  approved: { applied: 'applied', 'ground-moved': 'stale', fail: 'failed' },
  applied: {},
  rejected: {},
  cancelled: {},
  stale: {},
  failed: {},
};

/** Where a request begins: with the groups that must review it, or approved where none must. */
export const firstRequestState = (reviewGroups: readonly string[]): RequestState => (reviewGroups.length > 0 ? 'in-review' : 'approved');

/** The state that follows, or null where the event cannot happen in this state. */
export const nextRequestState = (state: RequestState, event: RequestEvent): RequestState | null => table[state][event] ?? null;

/** The state that follows. Errors: conflict where the event cannot happen. */
export function advanceRequest(state: RequestState, event: RequestEvent): RequestState {
  const next = nextRequestState(state, event);
  if (next === null) throw new HostmasterError('conflict', `A request that is ${state} cannot ${event}.`);
  return next;
}

/** Whether nothing can follow any more. */
export const isFinalRequestState = (state: RequestState): boolean => Object.keys(table[state]).length === 0;

/** Not over: somebody or something still moves it. */
export const openRequestStates = requestStates.filter((state) => !isFinalRequestState(state));

/** The table as a Mermaid state diagram, for the documentation. */
export function requestStateDiagram(): string {
  const lines = requestStates.flatMap((from) =>
    requestEvents.flatMap((event) => {
      const to = nextRequestState(from, event);
      return to === null ? [] : [`  ${from} --> ${to}: ${event}`];
    }),
  );
  const ends = requestStates.filter(isFinalRequestState).map((state) => `  ${state} --> [*]`);
  return ['stateDiagram-v2', '  [*] --> in-review: create', '  [*] --> approved: create without review', ...lines, ...ends, ''].join('\n');
}
