// What is refused because it cannot be read: every violation at once, as one problem.
import { violationsOf } from '@hostmaster/core/contract/violations';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Whoever sends more that is wrong than this has something else to mend first; an answer is never a multiple of its question. */
const mostTold = 100;
const mostInMessage = 10;

/** `invalid-input` that names every issue. @param input that the issues were found in. */
export const invalidInput = (issues: readonly Issue[], input: unknown): HostmasterError => inputRefused(violationsOf(issues, input));

/** `invalid-input` with the violations, all at once as far as they can be read; the message says how many there are. */
export function inputRefused(violations: readonly Violation[]): HostmasterError {
  const [first] = violations;
  // Of one field several things may be wrong: it is named once.
  const all = [...new Set(violations.map(({ path, reason }) => path ?? reason))];
  const places = all.slice(0, mostInMessage);
  const message =
    violations.length === 1 && first !== undefined
      ? `${first.path ? `${first.path}: ` : ''}${first.reason}`
      : `${violations.length} things are not valid: ${places.join(', ')}${all.length > places.length ? ' …' : '.'}`;
  return new HostmasterError('invalid-input', message, { violations: violations.slice(0, mostTold) });
}
