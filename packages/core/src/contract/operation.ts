// The public face of work: the same object in the portal's rows, over REST and in events.
import { z } from 'zod';
import { operationKinds, operationPurposes } from '../operation/purpose.ts';
import { operationStates } from '../operation/state.ts';
import { id, timestamp } from './page.ts';

export const operationState = z.enum(operationStates);

export const operationError = z.object({ code: z.string(), message: z.string(), remedy: z.string() });

export const operationProgress = z.object({ done: z.number().int().min(0), total: z.number().int().min(0).nullable(), unit: z.string() });

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
    kind: z.enum(operationKinds),
    purpose: z.enum(operationPurposes),
    subject: z.string(),
    generation: z.number().int(),
    state: operationState,
    /** Every step of such work, in order. */
    steps: z.array(z.string()),
    /** The step it is at or ended with. */
    step: z.string(),
    /** Why it is where it is; a state without a reason cannot be expressed. */
    reason: z.string(),
    movesNext: z.string(),
    /** No worker works: it moves no more until one does. The reason says since when. */
    stalled: z.boolean(),
    since: timestamp,
    nextAttempt: timestamp.nullable(),
    /** It does not begin before this, whoever hurries it. */
    notBefore: timestamp.nullable(),
    attempts: z.number().int(),
    /** How much of a step is done, where that can be counted. */
    progress: operationProgress.nullable(),
    /** The operation that this one is a part of. */
    parentId: id.nullable(),
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
