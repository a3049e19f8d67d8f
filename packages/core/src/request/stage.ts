// How far a request came, on the one ladder that every list and page shows: in review, approved, applying, live. It follows
// from the request, from the work on it and from its endpoint: that a request was applied says nothing of whether the name
// answers.
import type { EndpointState } from '../endpoint/state.ts';
import { type OperationState, unfinishedStates } from '../operation/state.ts';
import type { RequestKind } from './kind.ts';
import type { RequestState } from './state.ts';

/** `issued`: there, where a certificate alone was asked for. `unseen`: applied, and nobody ever saw the name answer so. `degraded`: it was as approved, and is not now. `past`: it was in force, and something newer is wanted since. */
export const requestStages = [
  'in-review',
  'approved',
  'applying',
  'live',
  'issued',
  'degraded',
  'unseen',
  'past',
  'retired',
  'rejected',
  'cancelled',
  'superseded',
  'stale',
  'failed',
] as const;
export type RequestStage = (typeof requestStages)[number];

export const stageWords: Readonly<Record<RequestStage, string>> = {
  'in-review': 'In review',
  approved: 'Approved',
  applying: 'Applying',
  live: 'Live',
  issued: 'Issued',
  degraded: 'Needs attention',
  unseen: 'Applied, never seen working',
  past: 'Was in force',
  retired: 'Retired',
  rejected: 'Rejected',
  cancelled: 'Cancelled',
  superseded: 'Superseded',
  stale: 'Plan out of date',
  failed: 'Failed',
};

type Staged = {
  readonly state: RequestState;
  readonly kind: RequestKind;
  /** State of the work on the request itself; null where none was begun. */
  readonly work: OperationState | null;
  /** The endpoint, whether its revision in force is of this request, and whether that wants a certificate alone; null where there is none. */
  readonly endpoint: { readonly state: EndpointState; readonly ofRequest: boolean; readonly certificateOnly: boolean } | null;
};

export function stageOf({ state, kind, work, endpoint }: Staged): RequestStage {
  if (state === 'approved') return work === null || work === 'pending' ? 'approved' : 'applying';
  if (state !== 'applied') return state;
  if (work !== null && unfinishedStates.includes(work)) return 'applying';
  if (kind === 'retire' && work !== 'failed') return 'retired';
  if (endpoint === null || !endpoint.ofRequest) return work === 'succeeded' || work === null ? 'past' : 'unseen';
  // Whatever became of the work, the world counts: what was seen as approved later is live.
  if (endpoint.state === 'live') return endpoint.certificateOnly ? 'issued' : 'live';
  return work === 'failed' || work === 'superseded' ? 'unseen' : 'degraded';
}
