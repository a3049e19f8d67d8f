import type { z } from 'zod';

type Schema = z.core.JSONSchema.BaseSchema;

/**
 * A value that a schema takes, put together from the examples of its parts, so that the documents show whole answers and
 * nobody writes them twice.
 */
export function exampleOf(schema: z.core.JSONSchema._JSONSchema, root: Schema = schema as Schema): unknown {
  if (typeof schema === 'boolean') return null;
  const [first] = schema.examples ?? [];
  if (first !== undefined) return first;
  if (schema.const !== undefined) return schema.const;
  if (schema.$ref !== undefined) return exampleOf(root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? {}, root);
  const [option] = schema.anyOf ?? schema.oneOf ?? schema.enum ?? [];
  if (option !== undefined) return schema.enum === undefined ? exampleOf(option as Schema, root) : option;
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, part]) => [name, exampleOf(part, root)]));
    case 'array':
      return schema.items === undefined || Array.isArray(schema.items) ? [] : [exampleOf(schema.items as Schema, root)];
    case 'boolean':
      return schema.default ?? false;
    default:
      return schema.default ?? null;
  }
}
