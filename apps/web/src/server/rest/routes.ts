// The REST face of the router: every procedure whose meta has one, found by method and path. The OpenAPI document is made
// from the same list, so what is documented is what is served.
import type { ErrorCode } from '@hostmaster/core/error-table';
import type { Action } from '@hostmaster/core/policy/authorize';
import type { AnyTRPCProcedure } from '@trpc/server';
import { z } from 'zod';
import type { ProcedureMeta, RestFace, RestMethod } from '../trpc/init.ts';
import { appRouter } from '../trpc/router.ts';

/** Whether what a route is given stands in its body; otherwise it stands in the query. */
export const takesBody = (method: RestMethod): boolean => method === 'POST' || method === 'PUT';

export type RestRoute = {
  /** As in tRPC, for example `requests.create`. */
  readonly name: string;
  readonly face: RestFace;
  readonly action: Action;
  /** Every code of the error table that an answer of it may carry. */
  readonly refusals: readonly ErrorCode[];
  readonly procedure: AnyTRPCProcedure;
  /** The object that the input is parsed with; null where the procedure takes none. */
  readonly input: z.ZodObject | null;
  readonly output: z.ZodType;
  /** Fields of the input that stand in the path, and the others: in the body of a change, in the query of a reading. */
  readonly pathFields: readonly string[];
  readonly path: z.ZodObject | null;
  readonly query: z.ZodObject | null;
  readonly body: z.ZodObject | null;
  readonly pattern: RegExp;
};

const fieldPattern = /\{(\w+)\}/g;

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(fieldPattern, '(?<$1>[^/]+)')}$`);

/** What tRPC keeps of a procedure but does not type. */
const definition = z.object({
  meta: z.custom<ProcedureMeta>((meta) => typeof meta === 'object' && meta !== null),
  inputs: z.array(z.instanceof(z.ZodObject)).max(1),
  output: z.instanceof(z.ZodType),
});
const procedures = z.record(
  z.string(),
  z.custom<AnyTRPCProcedure>((procedure) => typeof procedure === 'function'),
);

function routeOf(name: string, procedure: AnyTRPCProcedure): RestRoute | null {
  const { meta, inputs, output } = definition.parse(procedure._def);
  if (meta.rest === undefined) return null;
  const pathFields = [...meta.rest.path.matchAll(fieldPattern)].flatMap(([, field]) => field ?? []);
  return {
    name,
    face: meta.rest,
    action: meta.action,
    refusals: [...new Set([...refusalsByForm(meta.rest), ...(meta.refusals ?? [])])],
    procedure,
    input: inputs[0] ?? null,
    output,
    pathFields,
    ...placesOf(meta.rest, inputs[0] ?? null, pathFields),
    pattern: patternOf(meta.rest.path),
  };
}

/** Where the fields of an input stand. A body that leaves out what stands in the path is known by a name of its own. */
function placesOf(
  { method }: RestFace,
  input: z.ZodObject | null,
  pathFields: readonly string[],
): Pick<RestRoute, 'path' | 'query' | 'body'> {
  const fields = Object.entries(input?.shape ?? {});
  const path = fields.filter(([field]) => pathFields.includes(field));
  const others = fields.filter(([field]) => !pathFields.includes(field));
  const elsewhere = input === null || others.length === 0 ? null : path.length === 0 ? input : withoutPath(input, others);
  return {
    path: path.length === 0 ? null : z.strictObject(Object.fromEntries(path)),
    query: takesBody(method) ? null : elsewhere,
    body: takesBody(method) ? elsewhere : null,
  };
}

function withoutPath(input: z.ZodObject, fields: readonly [string, z.core.SomeType][]): z.ZodObject {
  const { id, description } = input.meta() ?? {};
  const rest = z.strictObject(Object.fromEntries(fields));
  return id === undefined ? rest : rest.meta({ id: `${id.replace(/Input$/, '')}Body`, description });
}

/** What follows from the form of a route alone. */
const refusalsByForm = ({ method, path, secretAnswer }: RestFace): readonly ErrorCode[] => [
  'invalid-input',
  'not-signed-in',
  'forbidden',
  ...(path.includes('{') ? (['not-found'] as const) : []),
  // Whatever is written may refer to what somebody else just took away.
  ...(method === 'GET' ? [] : (['body-too-large', 'unsupported-media-type', 'conflict'] as const)),
  ...(method === 'POST' ? (['idempotency-in-progress', 'idempotency-mismatch'] as const) : []),
  // Repeated with its key, it is refused: what was made is there, and its secret is not kept.
  ...(secretAnswer ? (['already-exists'] as const) : []),
  'rate-limited',
  'internal',
  'unavailable',
];

export const restRoutes: readonly RestRoute[] = Object.entries(procedures.parse(appRouter._def.procedures)).flatMap(
  ([name, procedure]) => routeOf(name, procedure) ?? [],
);

export type RouteMatch =
  | { readonly route: RestRoute; readonly pathInput: Readonly<Record<string, string>> }
  | { readonly allowed: readonly RestMethod[] };

/** The route of a path below /api/v1, or the methods that the path takes instead (none: there is no such path). */
export function findRoute(method: string, path: string): RouteMatch {
  const allowed: RestMethod[] = [];
  for (const route of restRoutes) {
    const match = route.pattern.exec(path);
    if (match === null) continue;
    if (route.face.method === method) return { route, pathInput: { ...match.groups } };
    allowed.push(route.face.method);
  }
  return { allowed };
}
