import type { z } from 'zod';
import { refuseUnstorable } from './unstorable.ts';
import { invalidInput } from './violations.ts';

/** An input as its schema reads it. Errors: invalid-input with everything that is wrong. */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  refuseUnstorable(input);
  const { data, error } = schema.safeParse(input);
  if (error !== undefined) throw invalidInput(error.issues, input);
  return data;
}
