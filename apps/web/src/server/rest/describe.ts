// The OpenAPI document in words, for the pages of the documentation: routes by noun, shapes by name.
import { permissionOf } from '@hostmaster/core/policy/authorize';
import { type Expansion, type ShellWord, shellCommand } from '@hostmaster/core/shell-command';
import type { oas31 } from 'zod-openapi';
import { restBase } from './base.ts';
import { madeOnce } from './made-once.ts';
import { openApiDocument, tagOf } from './openapi.ts';
import { type RestRoute, restRoutes } from './routes.ts';
import { boundsOf, nameOf, type Words, wordsFor } from './schema-words.ts';

type Schema = oas31.SchemaObject | oas31.ReferenceObject;
type Schemas = Readonly<Record<string, Schema>>;
export type FieldDescription = {
  readonly name: string;
  /** null where it is part of a shape. */
  readonly place: string | null;
  readonly required: boolean;
  readonly words: Words;
  readonly bounds: string;
  readonly description: string;
};
export type RouteDescription = {
  readonly title: string;
  readonly summary: string;
  readonly description: string | null;
  readonly who: string;
  readonly scope: string | null;
  readonly fields: readonly FieldDescription[];
  /** The name of the shape that is sent; null where nothing is. */
  readonly body: string | null;
  readonly answer: { readonly status: number; readonly schema: string | null; readonly example: string | null };
  readonly refusals: readonly string[];
  readonly curl: string;
};
export type ShapeDescription = {
  readonly name: string;
  readonly description: string;
  readonly values: readonly string[];
  readonly forms: readonly Words[];
  readonly fields: readonly FieldDescription[];
};

type Description = {
  readonly nouns: readonly { readonly noun: string; readonly routes: readonly RouteDescription[] }[];
  readonly shapes: readonly ShapeDescription[];
};

/** @param publicUrl origin under which the API is reached */
export const describeApi = madeOnce((publicUrl): Description => {
  const { paths = {}, components } = openApiDocument(publicUrl);
  const schemas = (components?.schemas ?? {}) as Schemas;
  const nouns = new Map<string, RouteDescription[]>();
  for (const route of restRoutes) {
    const methods = paths[route.face.path];
    const operation = methods?.[route.face.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'];
    if (operation === undefined) continue;
    const noun = tagOf(route);
    nouns.set(noun, [...(nouns.get(noun) ?? []), describeRoute(route, operation, publicUrl, schemas)]);
  }
  return {
    nouns: [...nouns].map(([noun, routes]) => ({ noun, routes })),
    shapes: Object.entries(schemas)
      .map(([name, schema]) => describeShape(name, schema, schemas))
      .sort((one, other) => one.name.localeCompare(other.name, 'en')),
  };
});

function describeRoute(route: RestRoute, operation: oas31.OperationObject, publicUrl: string, schemas: Schemas): RouteDescription {
  const { face, refusals } = route;
  const parameters = (operation.parameters ?? []) as oas31.ParameterObject[];
  const sent = jsonOf((operation.requestBody as oas31.RequestBodyObject | undefined)?.content);
  const answered = jsonOf((operation.responses?.[face.status] as oas31.ResponseObject | undefined)?.content);
  const body = sent === null ? null : nameOf(sent.schema as Schema);
  return {
    title: `${face.method} ${restBase}${face.path}`,
    summary: face.summary,
    description: face.description ?? null,
    ...permissionOf(route.action),
    fields: [
      ...parameters.map(({ name, in: place, required = false, schema = {}, description }) =>
        describeField(name, place, required, { ...(description === undefined ? {} : { description }), ...schema } as Schema, schemas),
      ),
      ...(body === null ? [] : fieldsOf(schemas[body] ?? {}, schemas, 'body')),
    ],
    body,
    answer: {
      status: face.status,
      schema: answered === null ? null : nameOf(answered.schema as Schema),
      example: answered === null ? null : JSON.stringify(answered.example, null, 2),
    },
    refusals,
    curl: curlOf(route, publicUrl),
  };
}

const jsonOf = (content: oas31.ContentObject | undefined): oas31.MediaTypeObject | null =>
  (content?.['application/json'] as oas31.MediaTypeObject | undefined) ?? null;

const describeField = (name: string, place: string | null, required: boolean, schema: Schema, schemas: Schemas): FieldDescription => ({
  name,
  place,
  required,
  words: wordsFor(schema),
  bounds: boundsOf(schema),
  description: schema.description ?? schemas[nameOf(schema) ?? '']?.description ?? (schema as oas31.SchemaObject).title ?? '',
});

function fieldsOf(schema: Schema, schemas: Schemas, place: string | null): FieldDescription[] {
  const { properties = {}, required = [] } = schema as oas31.SchemaObject;
  return Object.entries(properties).map(([name, part]) => describeField(name, place, required.includes(name), part as Schema, schemas));
}

function describeShape(name: string, schema: Schema, schemas: Schemas): ShapeDescription {
  const { enum: values = [], anyOf, oneOf } = schema as oas31.SchemaObject;
  return {
    name,
    description: schema.description ?? '',
    values: values.map(String),
    forms: ((anyOf ?? oneOf ?? []) as Schema[]).map(wordsFor),
    fields: fieldsOf(schema, schemas, null),
  };
}

function curlOf({ face, pathFields }: RestRoute, publicUrl: string): string {
  const path = face.path.split(/\{(\w+)\}/).map((part, at): string | Expansion => {
    return at % 2 === 1 && pathFields.includes(part) ? { expands: `$${part.toUpperCase()}` } : part;
  });
  const lines: ShellWord[][] = [
    ['curl', '-sS', ...(face.method === 'GET' ? [] : ['-X', face.method]), [`${publicUrl}${restBase}`, ...path]],
    ['-H', ['Authorization: Bearer ', { expands: '$HOSTMASTER_TOKEN' }]],
  ];
  if (face.method === 'POST') lines.push(['-H', ['Idempotency-Key: ', { expands: '$(openssl rand -hex 16)' }]]);
  if (face.example !== undefined) lines.push(['-H', 'Content-Type: application/json'], ['-d', JSON.stringify(face.example)]);
  return shellCommand(...lines);
}
