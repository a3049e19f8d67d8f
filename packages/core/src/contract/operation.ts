// The public face of work: the same object in the portal's rows, over REST and in events.
import { z } from 'zod';
import { operationStates } from '../operation/state.ts';
import { id, timestamp } from './page.ts';

export const operationState = z.enum(operationStates);

/** Steps of reconciling an endpoint, in order; the page shows each as it happens. */
export const reconcileSteps = [
  'admitted',
  'records-applied',
  'records-verified',
  'certificate-issued',
  'certificate-served',
  'reachable',
] as const;
export const reconcileStep = z.enum(reconcileSteps);
export type ReconcileStep = z.infer<typeof reconcileStep>;

export const operationError = z.object({ code: z.string(), message: z.string(), remedy: z.string() });

export const trailEntry = z.object({
  step: z.string(),
  state: z.enum(['done', 'waiting', 'failed', 'skipped']),
  at: timestamp,
  message: z.string(),
});
export type TrailEntry = z.infer<typeof trailEntry>;

export const operation = z
  .object({
    id,
    kind: z.enum(['reconcile-endpoint', 'test-zone', 'sync-zone']),
    subject: z.string(),
    generation: z.number().int(),
    state: operationState,
    /** The step it is at or ended with. */
    step: z.string(),
    /** Why it is where it is; a state without a reason cannot be expressed. */
    reason: z.string(),
    movesNext: z.string(),
    since: timestamp,
    nextAttempt: timestamp.nullable(),
    attempts: z.number().int(),
    error: operationError.nullable(),
    trail: z.array(trailEntry),
    /** What a finished operation found, for example the answer of a connection test. */
    result: z.record(z.string(), z.unknown()).nullable(),
    createdAt: timestamp,
    finishedAt: timestamp.nullable(),
  })
  .meta({ id: 'Operation' });
export type Operation = z.infer<typeof operation>;

export const operationQuery = z.strictObject({ id });
