// The fields of an endpoint's contract, for its document: everything that can be asked for, as its schema says it.
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { z } from 'zod';

type Schema = z.core.JSONSchema.JSONSchema;
const whole = z.toJSONSchema(endpointContract, { io: 'input' });
/** Shapes that have a name stand beside the whole; what is said where they are named goes before what they say themselves. */
const resolved = (schema: Schema): Schema =>
  schema.$ref === undefined
    ? schema
    : { ...resolved(whole.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? {}), ...schema, $ref: undefined };
type Field = { readonly path: string; readonly says: string; readonly values: string; readonly standard: string; readonly acts: boolean };

const recordedOnly = /^Recorded only: /;
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const valuesOf = (schema: Schema): string[] => {
  const { enum: choices, const: only, anyOf, type } = resolved(schema);
  if (anyOf !== undefined) return [...new Set(anyOf.flatMap((each) => valuesOf(each as Schema)))];
  if (choices !== undefined) return choices.map((each) => `\`${each}\``);
  return [only === undefined ? String(type) : `\`${only}\``];
};

function fieldsOf(schema: Schema, path: string, acts: boolean): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, value]): Field[] => {
    const field = resolved(value as Schema);
    const at = path === '' ? name : `${path}.${name}`;
    const description = field.description ?? '';
    const does = acts && !recordedOnly.test(description);
    if (field.properties !== undefined) return fieldsOf(field, at, does);
    const standard =
      field.default === undefined ? (schema.required?.includes(name) ? 'must be said' : '') : `\`${JSON.stringify(field.default)}\``;
    return [{ path: at, says: capital(description.replace(recordedOnly, '')), values: valuesOf(field).join(', '), standard, acts: does }];
  });
}

export const contractFields = fieldsOf(resolved(whole), '', true);
