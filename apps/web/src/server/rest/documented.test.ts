// The OpenAPI document says of everything in it what it is and shows a value that works; shapes have names.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openApiDocument } from './openapi.ts';
import { restRoutes } from './routes.ts';

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

const document = openApiDocument('http://hostmaster.test') as unknown as Node;
const schemas = (document.components as { schemas: Readonly<Record<string, Node>> }).schemas;
const resolved = (schema: Node): Node =>
  typeof schema.$ref === 'string' ? { ...schemas[schema.$ref.replace('#/components/schemas/', '')], ...schema } : schema;

/** Everything in the document, with where it stands. What an example holds is no schema. */
function visit(value: unknown, path: string, see: (node: Node, path: string) => void): void {
  if (Array.isArray(value)) for (const [at, inner] of value.entries()) visit(inner, `${path}/${at}`, see);
  if (!isNode(value)) return;
  see(value, path);
  for (const [key, inner] of Object.entries(value)) {
    if (!['example', 'examples', 'default', 'enum', 'const'].includes(key)) visit(inner, `${path}/${key}`, see);
  }
}

const branchesOf = (schema: Node): Node[] => [...((schema.anyOf ?? schema.oneOf ?? []) as Node[])];
/** Texts, numbers and choices need a value to be understood; what is made of parts is understood by its parts. */
const isWhole = (given: Node): boolean => {
  const schema = resolved(given);
  const branches = branchesOf(schema).filter(({ type }) => type !== 'null');
  if (branches.length > 0) return branches.every(isWhole);
  if (schema.type === 'array') return isWhole(schema.items as Node);
  return schema.type === 'object' && isNode(schema.properties);
};
const hasExample = (given: Node): boolean => {
  const schema = resolved(given);
  return 'const' in schema || Array.isArray(schema.examples) || branchesOf(schema).some(hasExample);
};

const fields: (readonly [string, Node])[] = [];
visit(document, '', (node, path) => {
  if (isNode(node.properties)) for (const [name, field] of Object.entries(node.properties)) fields.push([`${path}/${name}`, field as Node]);
  if (typeof node.in === 'string' && isNode(node.schema))
    fields.push([`${path}/${node.name}`, { description: node.description, ...node.schema }]);
});

describe('a property or a parameter', () => {
  it('is found at all', () => expect(fields.length).toBeGreaterThan(500));

  it('says what it is', () => {
    const silent = fields.filter(([, field]) => typeof resolved(field).description !== 'string' && typeof field.title !== 'string');
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it('shows a value that it takes', () => {
    expect(fields.filter(([, field]) => !isWhole(field) && !hasExample(field)).map(([path]) => path)).toEqual([]);
  });

  it('is of one type, where it stands in a query', () => {
    const several = fields.filter(([path, field]) => path.includes('/parameters/') && Array.isArray(resolved(field).type));
    expect(several.map(([path]) => path)).toEqual([]);
  });
});

/** Every schema of zod that a procedure takes or answers with, whatever it is within. */
function* within(schema: unknown, seen: Set<unknown>): Generator<z.ZodType> {
  if (!(schema instanceof z.ZodType) || seen.has(schema)) return;
  seen.add(schema);
  yield schema;
  for (const part of Object.values(schema._zod.def)) {
    const parts = part instanceof z.ZodType ? [part] : Array.isArray(part) ? part : isNode(part) ? Object.values(part) : [];
    for (const inner of parts) yield* within(inner, seen);
  }
}

type Answer = { readonly content: { readonly 'application/json': Node } };

describe('an example', () => {
  const seen = new Set<unknown>();
  const types = restRoutes.flatMap(({ input, output }) => [...within(input, seen), ...within(output, seen)]);

  it('is one that its own schema takes', () => {
    const refused = types.flatMap((type) =>
      ((type.meta()?.examples ?? []) as unknown[]).flatMap((example) =>
        type.safeParse(example).success ? [] : [[type.meta()?.description, example]],
      ),
    );
    expect(refused).toEqual([]);
  });

  it.each(restRoutes.filter(({ face }) => face.status !== 204))('of a whole answer is one that $name could give', (route) => {
    const paths = document.paths as Readonly<Record<string, Readonly<Record<string, { responses: Readonly<Record<string, Answer>> }>>>>;
    const answer = paths[route.face.path]?.[route.face.method.toLowerCase()]?.responses[`${route.face.status}`];
    expect(route.output.safeParse(answer?.content['application/json'].example).error).toBeUndefined();
  });

  it('that is a secret is obviously none', () => {
    const secrets = fields.filter(([path]) => /(?:CreatedToken\/token|PasswordLink\/link|Connection-[\w-]+\/secret)$/.test(path));
    expect(secrets).toHaveLength(11);
    for (const [path, field] of secrets) expect(JSON.stringify(resolved(field).examples), path).toMatch(/EXAMPLE|bm90LWEtc2VjcmV0/);
  });
});

describe('a shape', () => {
  it('that is sent or answered has a name', () => {
    const nameless: string[] = [];
    visit(document.paths, '', (node, path) => {
      if (path.endsWith('/content/application/json') && isNode(node.schema) && typeof node.schema.$ref !== 'string') nameless.push(path);
    });
    expect(nameless).toEqual([]);
  });

  it('that stands in several places is written once', () => {
    const places = new Map<string, string[]>();
    visit(document, '', (node, path) => {
      const parts = isNode(node.properties) ? Object.keys(node.properties).length : Array.isArray(node.enum) ? node.enum.length : 0;
      // One name may stand for what is asked and for what is answered: the two differ in what may be left out.
      if (parts < 2 || /^\/components\/schemas\/\w+$/.test(path)) return;
      const text = JSON.stringify({ properties: node.properties, enum: node.enum });
      places.set(text, [...(places.get(text) ?? []), path]);
    });
    expect([...places.values()].filter((paths) => paths.length > 1)).toEqual([]);
  });
});
