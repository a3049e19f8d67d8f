import { type Operation as OperationAnswer, operationError, trailEntry } from '@hostmaster/core/contract/operation';
import { hyphenated } from '@hostmaster/db/enum-names';
import type { Operation } from '@hostmaster/db/operation';
import { z } from 'zod';
import { readStored } from '../stored-json.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';

const trail = z.array(trailEntry);
const result = z.record(z.string(), z.unknown()).nullable();

/** An operation's public face. Errors: internal, where a stored JSON column is not what it should be. */
export const presentOperation = (row: Operation): OperationAnswer => ({
  id: row.id,
  kind: hyphenated(row.kind),
  subject: row.subject,
  generation: row.generation,
  state: row.state,
  step: row.step,
  reason: row.reason,
  movesNext: row.movesNext,
  since: timestampOf(row.since),
  nextAttempt: timestampOrNull(row.nextAttemptAt),
  attempts: row.attempts,
  error: readStored(operationError.nullable(), row.error, 'operation.error'),
  trail: readStored(trail, row.trail, 'operation.trail'),
  result: readStored(result, row.result, 'operation.result'),
  createdAt: timestampOf(row.createdAt),
  finishedAt: timestampOrNull(row.finishedAt),
});
