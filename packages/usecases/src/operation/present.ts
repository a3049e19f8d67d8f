import { type Operation as OperationAnswer, operationError, operationProgress, trailEntry } from '@hostmaster/core/contract/operation';
import { stepsOf } from '@hostmaster/core/operation/purpose';
import { saidOf, type Workforce } from '@hostmaster/core/operation/workforce';
import type { Operation } from '@hostmaster/db/operation';
import { z } from 'zod';
import { readStored } from '../stored-json.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';

const trail = z.array(trailEntry);
const result = z.record(z.string(), z.unknown()).nullable();

/** What nobody asked for, Hostmaster's own work, has nothing to admit. */
const stepsTaken = ({ kind, purpose, requestId }: Operation): string[] =>
  stepsOf(kind, purpose).filter((step) => step !== 'admitted' || requestId !== null);

/** An operation's public face. Errors: internal, where a stored JSON column is not what it should be. */
export const presentOperation = (row: Operation, workforce: Workforce): OperationAnswer => ({
  id: row.id,
  kind: row.kind,
  purpose: row.purpose,
  subject: row.subject,
  generation: row.generation,
  state: row.state,
  steps: stepsTaken(row),
  step: row.step,
  ...saidOf(row, workforce),
  since: timestampOf(row.since),
  nextAttempt: timestampOrNull(row.nextAttemptAt),
  notBefore: timestampOrNull(row.notBefore),
  attempts: row.attempts,
  progress: readStored(operationProgress.nullable(), row.progress, 'operation.progress'),
  parentId: row.parentId,
  error: readStored(operationError.nullable(), row.error, 'operation.error'),
  trail: readStored(trail, row.trail, 'operation.trail'),
  result: readStored(result, row.result, 'operation.result'),
  createdAt: timestampOf(row.createdAt),
  finishedAt: timestampOrNull(row.finishedAt),
});
