// zod's issues as violations: every one at once, with the dotted path, in words for the person who sent the input.
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import type { z } from 'zod';
import { textsOf } from './violation-texts.ts';

type Issue = z.core.$ZodIssue;

/** Whoever sends more that is wrong than this has something else to mend first; an answer is never a multiple of its question. */
const mostTold = 100;
const mostInMessage = 10;

/** `invalid-input` that names every issue. @param input that the issues were found in. */
export const invalidInput = (issues: readonly Issue[], input: unknown): HostmasterError =>
  inputRefused(issues.flatMap((issue) => violationsOf(issue, input)));

/** `invalid-input` with the violations, all at once as far as they can be read; the message says how many there are. */
export function inputRefused(violations: readonly Violation[]): HostmasterError {
  const [first] = violations;
  const places = violations.slice(0, mostInMessage).map(({ path, reason }) => path ?? reason);
  const message =
    violations.length === 1 && first !== undefined
      ? `${first.path ? `${first.path}: ` : ''}${first.reason}`
      : `${violations.length} things are not valid: ${places.join(', ')}${violations.length > places.length ? ' …' : '.'}`;
  return new HostmasterError('invalid-input', message, { violations: violations.slice(0, mostTold) });
}

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/** @param base of the issue's path, where it stands in another one. */
function violationsOf(issue: Issue, input: unknown, base: readonly PropertyKey[] = []): Violation[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      rule: 'unknown-field',
      path: dotted([...path, key]),
      reason: 'There is no such field.',
      remedy: 'Remove the field, or correct its spelling.',
    }));
  }
  if (issue.code === 'invalid_union') {
    const meant = meantBranch(issue.errors);
    if (meant !== null) return meant.flatMap((inner) => violationsOf(inner, input, path));
  }
  return [{ ...textsOf(issue, path, input), ...(path.length > 0 ? { path: dotted(path) } : {}) }];
}

/** The branch of a union that the sender evidently meant: the only one whose fields are all there and none is foreign. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const near = branches.filter(
    (issues) => issues.length > 0 && issues.every((issue) => issue.path.length > 0 && issue.code !== 'unrecognized_keys'),
  );
  return near.length === 1 ? (near[0] ?? null) : null;
}
