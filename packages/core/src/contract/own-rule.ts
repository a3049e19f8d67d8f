import type { z } from 'zod';
import type { Violation } from '../errors.ts';

/** Has a value refused by a rule of our own, in its own words: zod's issues have theirs from their code, this one brings them. */
export function breakRule<T>(context: z.RefinementCtx<T>, { rule, reason, remedy }: Omit<Violation, 'path'>, path: string[] = []): void {
  context.addIssue({ code: 'custom', message: reason, params: { rule, remedy }, path });
}

/** What a refinement of zod is given so that it does the same, where one predicate says all. */
export const ownRule = ({ rule, reason, remedy }: Omit<Violation, 'path'>) => ({ message: reason, params: { rule, remedy } });
