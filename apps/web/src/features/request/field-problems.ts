import type { FieldProblem } from '@/components/ui/field';
import { type Violation, violationsAt } from '@/lib/problem';

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
