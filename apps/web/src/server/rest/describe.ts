import { permissionOf } from '@hostmaster/core/policy/authorize';
import { type Expansion, type ShellWord, shellCommand } from '@hostmaster/core/shell-command';
import { z } from 'zod';
import { restBase } from './base.ts';
import { tagOf } from './openapi.ts';
import { type RestRoute, restRoutes, takesBody } from './routes.ts';

type Field = { readonly name: string; readonly place: 'path' | 'query' | 'body'; readonly required: boolean; readonly value: string };
export type RouteDescription = {
  readonly title: string;
  readonly summary: string;
  readonly description: string | null;
  readonly who: string;
  readonly scope: string | null;
  readonly status: number;
  readonly fields: readonly Field[];
  readonly curl: string;
};

/** The routes by noun, in words, for the documentation page. */
export function describeRoutes(publicUrl: string): { noun: string; routes: RouteDescription[] }[] {
  const nouns = new Map<string, RouteDescription[]>();
  for (const route of restRoutes) {
    const noun = tagOf(route);
    nouns.set(noun, [...(nouns.get(noun) ?? []), describe(route, publicUrl)]);
  }
  return [...nouns].map(([noun, routes]) => ({ noun, routes }));
}

function describe(route: RestRoute, publicUrl: string): RouteDescription {
  const { face } = route;
  return {
    title: `${face.method} ${restBase}${face.path}`,
    summary: face.summary,
    description: face.description ?? null,
    ...permissionOf(route.action),
    status: face.status,
    fields: fieldsOf(route),
    curl: curlOf(route, publicUrl),
  };
}

function fieldsOf({ face, input, pathFields }: RestRoute): Field[] {
  const elsewhere = takesBody(face.method) ? 'body' : 'query';
  return Object.entries(input?.shape ?? {}).map(([name, type]) => ({
    name,
    place: pathFields.includes(name) ? 'path' : elsewhere,
    required: !z.safeParse(type, undefined).success,
    value: wordsFor(z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' })),
  }));
}

/** A JSON schema in few words; the OpenAPI document holds the whole. */
function wordsFor(schema: z.core.JSONSchema._JSONSchema): string {
  if (typeof schema === 'boolean') return 'anything';
  if (schema.enum !== undefined) return schema.enum.join(' | ');
  if (schema.const !== undefined) return String(schema.const);
  const some = schema.oneOf ?? schema.anyOf;
  if (some !== undefined) return [...new Set(some.map(wordsFor))].join(' | ');
  if (schema.type === 'object') return `{ ${Object.keys(schema.properties ?? {}).join(', ')} }`;
  if (schema.type === 'array' && !Array.isArray(schema.items) && schema.items !== undefined) return `list of ${wordsFor(schema.items)}`;
  return schema.format ?? String(schema.type ?? 'anything');
}

function curlOf({ face, pathFields }: RestRoute, publicUrl: string): string {
  const path = face.path.split(/\{(\w+)\}/).map((part, at): string | Expansion => {
    return at % 2 === 1 && pathFields.includes(part) ? { expands: `$${part.toUpperCase()}` } : part;
  });
  const lines: ShellWord[][] = [
    ['curl', ...(face.method === 'GET' ? [] : ['-X', face.method]), [`${publicUrl}${restBase}`, ...path]],
    ['-H', ['Authorization: Bearer ', { expands: '$TOKEN' }]],
  ];
  if (face.method === 'POST') lines.push(['-H', ['Idempotency-Key: ', { expands: '$(uuidgen)' }]]);
  if (face.example !== undefined) lines.push(['-H', 'Content-Type: application/json'], ['-d', JSON.stringify(face.example)]);
  return shellCommand(...lines);
}
