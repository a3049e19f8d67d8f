import { z } from 'zod';

/**
 * A field with what the API's documents tell of it: one sentence, and values that it takes. Forms and pages may say the same.
 * A secret among the examples is obviously none.
 */
export const told = <T extends z.ZodType>(type: T, description: string, ...examples: z.input<T>[]): T =>
  type.meta({ description, ...(examples.length === 0 ? {} : { examples }) });

/** A shape or a choice that the documents know by a name: what is sent or answered in several places is described once. */
export const named = <T extends z.ZodType>(id: string, type: T, description: string): T =>
  type.meta({ id, description, ...(type instanceof z.ZodEnum ? { examples: type.options.slice(0, 1) } : {}) });
