// zod's issues as violations: every one at once, with the dotted path, in words for the person who gave the input.
import type { z } from 'zod';
import type { Violation } from '../errors.ts';
import { shownText } from '../shown-text.ts';
import { textsOf, valueAt } from './violation-texts.ts';

type Issue = z.core.$ZodIssue;

/** @param input that the issues were found in */
export const violationsOf = (issues: readonly Issue[], input: unknown): Violation[] =>
  issues.filter((issue) => !isOfWrongType(issue, issues)).flatMap((issue) => ofOne(issue, input, []));

/** Of what is of the wrong type, its size is measured all the same: that is no second fault. */
const isOfWrongType = ({ code, path }: Issue, all: readonly Issue[]): boolean =>
  (code === 'too_small' || code === 'too_big') && all.some((other) => other.code === 'invalid_type' && dotted(other.path) === dotted(path));

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/** @param base of the issue's path, where it stands in another one. */
function ofOne(issue: Issue, input: unknown, base: readonly PropertyKey[]): Violation[] {
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
    if (meant !== null) return meant.flatMap((inner) => ofOne(inner, input, path));
  }
  const { reason, ...texts } = textsOf(issue, path, input);
  return [{ ...texts, reason: ofWhich(reason, path, input), ...(path.length > 0 ? { path: dotted(path) } : {}) }];
}

/** The branch of a union that the sender evidently meant: the only one whose fields are all there and none is foreign. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const near = branches.filter(
    (issues) => issues.length > 0 && issues.every((issue) => issue.path.length > 0 && issue.code !== 'unrecognized_keys'),
  );
  return near.length === 1 ? (near[0] ?? null) : null;
}

/** Of several texts, the one that is meant is named: whoever typed them into one field sees no index. */
function ofWhich(reason: string, path: readonly PropertyKey[], input: unknown): string {
  const text = typeof path.at(-1) === 'number' ? valueAt(path, input) : null;
  if (typeof text !== 'string' || text === '' || reason.includes(text)) return reason;
  return reason.replace(/\.$/, `: ${shownText(text)}.`);
}
