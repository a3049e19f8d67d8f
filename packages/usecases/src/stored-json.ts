import { HostmasterError } from '@hostmaster/core/errors';
import type { z } from 'zod';

/**
 * A JSON column as what it should be: rows outlive the code that wrote them, so they are parsed like any other input.
 * Errors: internal, with the column's name and what zod found as its cause.
 */
export function readStored<T extends z.ZodType>(schema: T, value: unknown, column: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new HostmasterError('internal', `The stored ${column} cannot be read.`, { cause: new Error(`${column}: ${result.error.message}`) });
}
