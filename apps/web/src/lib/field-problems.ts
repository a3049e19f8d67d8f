// What is wrong with a form, said beside the field that it is about and nowhere else, for as long as it is so.
import type { FieldProblem } from '@/components/ui/field';
import { problemOf, type ShownProblem, type Violation, violationsAt } from './problem';

/** The problems of a field that a form has a control for; what belongs to none of them is shown in the summary only. */
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

/**
 * The problems of a dialog's form: what the schema finds wrong with a field, in the form's own words, and what the server
 * refused of it; `rest` is what the server refused and no field says.
 */
export function formProblems<Field extends string>(form: {
  own: Readonly<Record<Field, string>>;
  errors: Readonly<Partial<Record<NoInfer<Field>, unknown>>>;
  /** Of the last attempt, what was sent with it, and what stands in the form now. */
  error: unknown;
  sent: unknown;
  values: unknown;
}): { at: (field: Field) => FieldProblem[]; rest: ShownProblem | null } {
  const { at, rest } = refusalProblems(Object.keys(form.own), form);
  const own = (field: Field): FieldProblem[] => (form.errors[field] ? [{ reason: brokenRule(form.errors[field]) ?? form.own[field] }] : []);
  return { at: (field) => [...own(field), ...at(field)], rest };
}

/** A rule of the contract's own says itself what it refuses; whatever else zod finds, the form says in its words. */
function brokenRule(error: unknown): string | null {
  const { type, message } = (error ?? {}) as { type?: unknown; message?: unknown };
  return type === 'custom' && typeof message === 'string' ? message : null;
}

/**
 * What the server refused of a form that checks nothing itself: each at its field and nowhere else, until it is corrected.
 * @param fields those that the form has a control for; `rest` is what none of them says
 */
export function refusalProblems(
  fields: readonly string[],
  form: { readonly error: unknown; readonly sent: unknown; readonly values: unknown },
): { at: ProblemsAt; rest: ShownProblem | null } {
  const refused = form.error ? stillOpen(problemOf(form.error), form.sent, form.values) : null;
  const violations = refused?.violations ?? [];
  const said = fields.flatMap((field) => violationsAt(violations, field));
  const rest = violations.filter((violation) => !said.includes(violation));
  return {
    at: problemsFrom(violations),
    rest: refused && (rest.length > 0 || violations.length === 0) ? { ...refused, violations: rest } : null,
  };
}

/** Sent as it stands there now, or as the contract makes it of that, where it trims and lower-cases what is typed. */
const same = (sent: unknown, now: unknown): boolean => [JSON.stringify(now), plain(now)].includes(JSON.stringify(sent));
const plain = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, inner) => (typeof inner === 'string' ? inner.trim().toLowerCase() : inner));

/** The value at a dotted path. */
function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) => (typeof inner === 'object' && inner !== null ? Object.entries(inner).find(([name]) => name === key)?.[1] : undefined),
      value,
    );
}
