// The OpenAPI 3.1 document, made from the routes that are served: schemas are those that parse, statuses those that are
// sent, scopes those that the use cases ask for, problems those of the error table.
import { certificateQuery } from '@hostmaster/core/contract/certificate';
import { problem } from '@hostmaster/core/contract/page';
import { told } from '@hostmaster/core/contract/told';
import { type ErrorCode, errorTable } from '@hostmaster/core/error-table';
import { permissionOf } from '@hostmaster/core/policy/authorize';
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { restBase } from './base.ts';
import { exampleOf } from './example.ts';
import { madeOnce } from './made-once.ts';
import { type RestRoute, restRoutes } from './routes.ts';

const description = `Everything that the portal does, for scripts and pipelines. Guides with commands to copy are at \`/api/docs\`.

Send \`Authorization: Bearer hm_…\`; tokens are made in the portal, are shown once, expire, and do no more than their scopes.
Names are accepted in any case, with or without the trailing dot, as U-labels or A-labels, and answered in one canonical form.
Errors are problem documents (RFC 9457) with a stable \`code\`, every violation at once, a remedy and a trace id.
Send an \`Idempotency-Key\` with every POST that you may have to repeat: the same key and body get the same answer for seven days.
Lists answer a page and \`nextCursor\`; send it back as \`cursor\`.`;

const codes = Object.keys(errorTable) as ErrorCode[];

const exampleProblem = (code: ErrorCode) => ({
  type: `/api/docs#${code}`,
  title: errorTable[code].title,
  status: errorTable[code].status,
  code,
  detail: errorTable[code].title,
  violations: [],
  remedy: errorTable[code].remedy,
  retryable: errorTable[code].retryable,
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
});

const problemAnswer = (which: readonly ErrorCode[]) => ({
  description: which.map((code) => errorTable[code].title).join('; '),
  content: {
    'application/problem+json': {
      schema: problem,
      examples: Object.fromEntries(which.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
    },
  },
});

/** The refusals of a route by their status; what is our own fault is the default. */
function problemsOf(refusals: readonly ErrorCode[]): ZodOpenApiResponsesObject {
  const statusOf = (code: ErrorCode) => (errorTable[code].status >= 500 ? 'default' : (`${errorTable[code].status}` as const));
  const statuses = [...new Set(refusals.map(statusOf))].sort();
  return Object.fromEntries(statuses.map((status) => [status, problemAnswer(refusals.filter((code) => statusOf(code) === status))]));
}

const idempotencyKey = z.object({
  'Idempotency-Key': told(
    z.string().max(255).optional(),
    'Any unique text, for example a UUID; makes repeating safe.',
    '7e1c4d9a-2f5b-4c1e-9a57-0b8f4a6f2d11',
  ),
});

const location = z.object({
  Location: told(z.string(), 'Where the answer can be read again.', '/api/v1/operations/01890a5d-ac96-774b-bcce-b302099a8057'),
});

function successOf({ face, output }: RestRoute): ZodOpenApiResponsesObject {
  if (face.status === 204) return { 204: { description: 'Done' } };
  const said = { 200: 'The answer', 201: 'Made', 202: 'Begun; poll the operation in `Location`' }[face.status];
  return {
    [`${face.status}` as const]: {
      description: said,
      ...(face.location === undefined ? {} : { headers: location }),
      content: { 'application/json': { schema: output, example: exampleOf(z.toJSONSchema(output, { unrepresentable: 'any' })) } },
    },
  };
}

function inputOf({ face, path, query, body }: RestRoute): Pick<ZodOpenApiOperationObject, 'requestParams' | 'requestBody'> {
  const header = face.method === 'POST' ? { header: idempotencyKey } : {};
  const requestParams = { ...(path === null ? {} : { path }), ...(query === null ? {} : { query }), ...header };
  if (body === null) return { requestParams };
  const example = face.example === undefined ? {} : { example: face.example };
  const required = !body.safeParse({}).success;
  return { requestParams, requestBody: { required, content: { 'application/json': { schema: body, ...example } } } };
}

/** The noun under which a route is listed. */
export const tagOf = (route: RestRoute): string => route.name.split('.')[0] ?? '';

const needed = (scope: ReturnType<typeof permissionOf>['scope']): string =>
  scope === null ? 'any token will do' : scope === 'session' ? 'no token will do' : `a token needs the scope \`${scope}\``;

function operationOf(route: RestRoute): ZodOpenApiOperationObject {
  const { scope, who } = permissionOf(route.action);
  return {
    operationId: route.name.replace('.', '-'),
    summary: route.face.summary,
    description: [route.face.description, `For ${who}; ${needed(scope)}.`].filter((text) => text !== undefined).join('\n\n'),
    tags: [tagOf(route)],
    security: [{ bearer: [] }],
    ...inputOf(route),
    responses: { ...successOf(route), ...problemsOf(route.refusals) },
  };
}

const certificatePem = '-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n';

const chainFile: ZodOpenApiPathsObject = {
  '/certificates/{serial}/chain.pem': {
    get: {
      operationId: 'certificates-chain',
      summary: 'The chain as a PEM file, leaf first',
      tags: ['certificates'],
      security: [{ bearer: [] }],
      requestParams: { path: certificateQuery },
      responses: {
        200: {
          description: 'The chain',
          content: { 'application/pem-certificate-chain': { schema: z.string(), example: certificatePem } },
        },
        ...problemsOf(['invalid-input', 'not-signed-in', 'forbidden', 'not-found', 'rate-limited', 'internal', 'unavailable']),
      },
    },
  },
};

export type OpenApiDocument = ReturnType<typeof createDocument>;

/** @param publicUrl origin under which the API is reached. */
export const openApiDocument = madeOnce((publicUrl): OpenApiDocument => {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of restRoutes) {
    paths[route.face.path] = { ...paths[route.face.path], [route.face.method.toLowerCase()]: operationOf(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: { title: 'Hostmaster', version: '1', description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: `${publicUrl}${restBase}` }],
    tags: [...new Set(restRoutes.map(tagOf))].map((name) => ({ name })),
    paths: { ...paths, ...chainFile },
    components: {
      examples: Object.fromEntries(codes.map((code) => [code, { value: exampleProblem(code) }])),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'hm_…' } },
    },
  });
});

/** Every code of the error table, for the documentation page. */
export const documentedProblems = codes.map((code) => ({ code, ...errorTable[code] }));
