// The public face of work: the same object in the portal's rows, over REST and in events.
import { z } from 'zod';
import { operationKinds, operationPurposes } from '../operation/purpose.ts';
import { operationStates } from '../operation/state.ts';
import { id, timestamp } from './page.ts';
import { named, told } from './told.ts';

export const operationState = named('OperationState', z.enum(operationStates), 'Where a piece of work is.');

export const operationError = named(
  'OperationError',
  z.object({
    code: told(z.string(), 'A code of the error table.', 'unavailable'),
    message: told(z.string(), 'What went wrong.', 'ns1.example.test did not answer.'),
    remedy: told(z.string(), 'What to do about it.', 'It is tried again by itself.'),
  }),
  'Why a piece of work failed, or waits.',
);

export const operationProgress = named(
  'OperationProgress',
  z.object({
    done: told(z.number().int().min(0), 'How much is done.', 2),
    total: told(z.number().int().min(0).nullable(), 'Of how much; null where nobody knows.', 3),
    unit: told(z.string(), 'What is counted.', 'servers'),
  }),
  'How far a step is.',
);

export const trailEntry = named(
  'TrailEntry',
  z.object({
    step: told(z.string(), 'The step.', 'records-applied'),
    state: told(z.enum(['done', 'waiting', 'failed', 'skipped']), 'What became of it.', 'done'),
    at: told(timestamp, 'When.'),
    message: told(z.string(), 'What happened.', 'The records are written.'),
  }),
  'What was done, one step at a time.',
);
export type TrailEntry = z.infer<typeof trailEntry>;

export const operation = named(
  'Operation',
  z.object({
    id,
    kind: told(named('OperationKind', z.enum(operationKinds), 'What kind of thing work is done on.'), 'What it works on.', 'endpoint'),
    purpose: told(named('OperationPurpose', z.enum(operationPurposes), 'What work is for.'), 'What it is for.', 'revision'),
    subject: told(z.string(), 'Name of the thing that it works on.', 'orders.dev.example.test'),
    generation: told(z.number().int(), 'The revision of the thing that it works towards.', 1),
    state: told(operationState, 'Where it is.', 'succeeded'),
    steps: told(z.array(z.string()), 'Every step of such work, in order.', ['admitted', 'records-applied', 'records-verified']),
    step: told(z.string(), 'The step it is at or ended with.', 'records-verified'),
    reason: told(z.string(), 'Why it is where it is.', 'Every server answers with the records.'),
    movesNext: told(z.string(), 'Who moves next.', 'nobody'),
    stalled: told(z.boolean(), 'No worker works: it moves no more until one does. The reason says since when.', false),
    since: told(timestamp, 'Since when it is there.'),
    nextAttempt: told(timestamp.nullable(), 'When it is tried again; null where it does not wait for that.'),
    notBefore: told(timestamp.nullable(), 'It does not begin before this, whoever hurries it; null where it may begin.'),
    attempts: told(z.number().int(), 'How often it was begun.', 1),
    progress: told(operationProgress.nullable(), 'How much of a step is done; null where that cannot be counted.'),
    parentId: told(id.nullable(), 'The operation that this one is a part of; null where there is none.'),
    error: told(operationError.nullable(), 'Why it failed, or waits; null where nothing is wrong.'),
    trail: told(z.array(trailEntry), 'What was done so far.'),
    result: told(
      z.record(z.string(), z.unknown()).nullable(),
      'What a finished operation found, for example the answer of a connection test; null where it finds nothing.',
      { serial: 2026112001 },
    ),
    createdAt: told(timestamp, 'When it was begun.'),
    finishedAt: told(timestamp.nullable(), 'When it ended; null while it goes on.'),
  }),
  'A piece of work: how far it is, why, and who moves next.',
);
export type Operation = z.infer<typeof operation>;

export const operationQuery = z.strictObject({ id });
