import type { FieldProblem } from '@/components/ui/field';
import { type ShownProblem, type Violation, violationsAt } from '../../lib/problem';

/** Fields of the contract that the form has a control for; what belongs to none of them is shown in the summary only. */
export type ProblemsAt = (path: string) => FieldProblem[];

/** What is wrong with one field, from every source, each said once. */
export function problemsFrom(...sources: (readonly Violation[])[]): ProblemsAt {
  const all = sources.flat();
  return (path) => {
    const known = new Set<string>();
    return violationsAt(all, path).filter(({ reason }) => !known.has(reason) && known.add(reason));
  };
}

/**
 * A refusal without what was changed since: a violation stands until the value that it names is another one. Null once
 * nothing of it is left.
 */
export function stillOpen(problem: ShownProblem, sent: unknown, now: unknown): ShownProblem | null {
  if (problem.violations.length === 0) return problem;
  const violations = problem.violations.filter(({ path }) => path === undefined || same(at(sent, path), at(now, path)));
  return violations.length === 0 ? null : { ...problem, violations };
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The value at a dotted path of a draft; policy names fields of the contract without saying "contract". */
function at(draft: unknown, path: string): unknown {
  const keys = ['contract', ...path.replace(/^contract\./, '').split('.')];
  return keys.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined),
    draft,
  );
}
