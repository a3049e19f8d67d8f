import type { oas31 } from 'zod-openapi';

type Schema = oas31.SchemaObject | oas31.ReferenceObject;
/** A schema in few words; what has a name of its own is named, and explained where it is described. */
export type Words = readonly (string | { readonly name: string })[];

export const nameOf = (schema: Schema): string | null =>
  '$ref' in schema && typeof schema.$ref === 'string' ? (schema.$ref.split('/').at(-1) ?? null) : null;

const joined = (parts: readonly Words[]): Words => parts.flatMap((part, index) => (index === 0 ? part : [' | ', ...part]));

export function wordsFor(schema: Schema): Words {
  const name = nameOf(schema);
  if (name !== null) return [{ name }];
  if ('$ref' in schema) return ['anything'];
  if (schema.enum !== undefined) return [schema.enum.join(' | ')];
  if (schema.const !== undefined) return [String(schema.const)];
  const some = (schema.oneOf ?? schema.anyOf) as Schema[] | undefined;
  if (some !== undefined)
    return joined(some.map(wordsFor).filter((words, at, all) => all.findIndex((one) => `${one}` === `${words}`) === at));
  if (schema.type === 'array' && typeof schema.items === 'object') return ['list of ', ...wordsFor(schema.items as Schema)];
  if (schema.type === 'object' && schema.properties !== undefined)
    return [
      '{ ',
      ...Object.entries(schema.properties).flatMap(
        ([key, part], at): Words => [`${at === 0 ? '' : ', '}${key}: `, ...wordsFor(part as Schema)],
      ),
      ' }',
    ];
  return [schema.format ?? String(schema.type ?? 'anything')];
}

/** What a schema says of itself that words do not: bounds, and what is taken where it is left out. */
export function boundsOf(schema: Schema): string {
  if ('$ref' in schema && !('default' in schema)) return '';
  const { minimum, maximum, maxLength, maxItems, default: standard } = schema as oas31.SchemaObject;
  const most = Number.MAX_SAFE_INTEGER;
  return [
    minimum !== undefined && minimum > -most ? `at least ${minimum}` : '',
    maximum !== undefined && maximum < most ? `at most ${maximum}` : '',
    maxLength === undefined ? '' : `at most ${maxLength} characters`,
    maxItems === undefined ? '' : `at most ${maxItems}`,
    standard === undefined ? '' : `${JSON.stringify(standard)} where left out`,
  ]
    .filter((part) => part !== '')
    .join('; ');
}
