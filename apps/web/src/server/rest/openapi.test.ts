import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { edge } from '@hostmaster/core/contract/edge';
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { errorTable } from '@hostmaster/core/error-table';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeApi } from './describe.ts';
import { openApiDocument } from './openapi.ts';
import { restRoutes } from './routes.ts';

const document = openApiDocument('http://hostmaster.test');

describe('the OpenAPI document', () => {
  it('is of version 3.1 and names a scheme for tokens', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.components?.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
  });

  it.each(restRoutes.map((route) => [`${route.face.method} ${route.face.path}`, route] as const))(
    'holds %s as it is served',
    (_, route) => {
      const path = document.paths?.[route.face.path];
      const method = { GET: path?.get, POST: path?.post, PUT: path?.put, DELETE: path?.delete }[route.face.method];
      expect(method?.summary).toBe(route.face.summary);
      expect(Object.keys(method?.responses ?? {})).toEqual(expect.arrayContaining([String(route.face.status), '401', '403', '429']));
      for (const code of route.refusals) {
        const { status } = errorTable[code];
        const response = method?.responses?.[status >= 500 ? 'default' : `${status}`];
        expect(response).toHaveProperty(['content', 'application/problem+json', 'examples', code, '$ref'], `#/components/examples/${code}`);
        expect(document.components?.examples).toHaveProperty([code, 'value', 'code'], code);
      }
      const inPath = (method?.parameters ?? []).flatMap((parameter) =>
        'in' in parameter && parameter.in === 'path' ? [parameter.name] : [],
      );
      expect(inPath).toEqual(route.pathFields);
    },
  );

  it('says that a review may be refused because of the plan, the policy or the reviewer', () => {
    const { responses } = document.paths?.['/requests/{id}/reviews']?.post ?? {};
    const told = Object.values(responses ?? {}).flatMap((response) =>
      Object.keys(Object(response).content?.['application/problem+json']?.examples ?? {}),
    );
    expect(told).toEqual(expect.arrayContaining(['plan-changed', 'policy-denied', 'self-review', 'conflict']));
  });

  it('says of the PEM file too what it answers to a serial that is none, and to one who asks too often', () => {
    const responses = document.paths?.['/certificates/{serial}/chain.pem']?.get?.responses;
    expect(Object.keys(responses ?? {})).toEqual(['200', '400', '401', '403', '404', '429', 'default']);
  });

  it('resolves every reference', () => {
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      expect(document.components?.schemas).toHaveProperty([name ?? '']);
  });

  /** A shape with every shape that it refers to, as text. */
  const whole = (name: string, seen = new Set<string>()): string => {
    if (seen.has(name)) return '';
    seen.add(name);
    const text = JSON.stringify(document.components?.schemas?.[name]);
    return [text, ...[...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, inner]) => whole(inner ?? '', seen))].join('');
  };

  it('holds the contract whole, in what is asked and in what is answered', () => {
    for (const field of Object.keys(endpointContract.shape).concat(Object.keys(edge.shape), ['backend', 'rotation', 'Recorded only: ']))
      for (const text of [whole('RequestInput'), whole('Request')]) expect(text).toContain(`"${field}`);
  });

  it('documents the connection of a zone as one of the kinds of providers, each with its settings', () => {
    expect(JSON.stringify(document.components?.schemas?.Connection)).toContain('"oneOf":[');
    const body = whole('ZoneInput');
    for (const { kind, settings } of dnsProviderKinds.values())
      for (const text of [kind, ...Object.keys(settings.shape)]) expect(body).toContain(`"${text}"`);
  });

  it('takes no whole number that the database could not keep', () => {
    const beyond: string[] = [];
    const look = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { type, maximum = Number.POSITIVE_INFINITY } = Object(schema);
      if (type === 'integer' && maximum > 2_147_483_647) beyond.push(path);
      for (const [key, inner] of Object.entries(schema)) look(inner, `${path}.${key}`);
    };
    for (const { name, input } of restRoutes)
      if (input !== null) look(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }), name);
    expect(beyond).toEqual([]);
  });

  it('gives examples that its own schemas take', () => {
    const withExample = restRoutes.filter(({ face }) => face.example !== undefined);
    const inPaths: Readonly<Record<string, string>> = { id: '01890a5d-ac96-774b-bcce-b302099a8057', slug: 'qa', email: 'lee@example.org' };
    for (const { input, face, name, pathFields } of withExample) {
      const inPath = Object.fromEntries(pathFields.map((field) => [field, inPaths[field]]));
      expect(input?.safeParse({ ...face.example, ...inPath }).error, name).toBeUndefined();
    }
  });
});

describe('the documentation page', () => {
  const { nouns, shapes } = describeApi('http://hostmaster.test');
  const routes = nouns.flatMap((noun) => noun.routes);

  it('lists every route once, with a curl line, what it takes and what it answers', () => {
    expect(new Set(routes.map(({ title }) => title)).size).toBe(restRoutes.length);
    for (const { curl, fields, answer } of routes) {
      expect(curl).toMatch(/^curl -sS .*"http:\/\/hostmaster\.test\/api\/v1\//);
      expect(fields.filter(({ description }) => description === '')).toEqual([]);
      expect(answer.schema === null).toBe(answer.status === 204);
    }
  });

  it('describes every shape that it names', () => {
    const described = new Set(shapes.map(({ name }) => name));
    const fields = [...routes, ...shapes].flatMap((each) => each.fields);
    for (const word of fields.flatMap(({ words }) => words)) if (typeof word !== 'string') expect(described).toContain(word.name);
    for (const { answer, body } of routes) for (const name of [answer.schema, body]) if (name !== null) expect(described).toContain(name);
  });
});
