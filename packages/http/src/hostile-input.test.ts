// Every schema that reads what people type, asked with what nobody should send: whatever is said of it is said in our words.
import { readdirSync } from 'node:fs';
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { issuerInputOf } from '@hostmaster/core/contract/issuer';
import { zoneInputOf } from '@hostmaster/core/contract/zone';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { invalidInput } from './violations.ts';

const contract = new URL('../../core/src/contract/', import.meta.url);
const files = readdirSync(contract).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
const modules = await Promise.all(files.map((file) => import(new URL(file, contract).href)));
const inputs = modules.flatMap((module: object) =>
  Object.entries(module).filter(
    (entry): entry is [string, z.ZodType] => /(?:Input|Query)$/.test(entry[0]) && entry[1] instanceof z.core.$ZodType,
  ),
);
const schemas: readonly (readonly [string, z.ZodType])[] = [
  ...inputs,
  ['zoneInput', zoneInputOf([...dnsProviderKinds.values()])],
  ['issuerInput', issuerInputOf([...issuerKinds.values()])],
];

const hostile: readonly unknown[] = [
  ...[undefined, null, true, 0, -1, 0.5, Number.NaN, 1e21, 10n, '', ' ', '\u202e', 'x'.repeat(20_000), '<b>', '{"a":1}'],
  ...[[], [null], ['', ''], Array.from({ length: 200 }, () => 'a.b'), {}, { '': 1 }, { toString: 1 }],
];

/** The paths of the fields of a schema, through everything that wraps, lists or offers several. */
function pathsOf(schema: z.core.$ZodType, depth = 0): string[][] {
  const { def } = schema._zod;
  if (depth > 6) return [];
  const inner = (each: unknown): string[][] => (each instanceof z.core.$ZodType ? pathsOf(each, depth + 1) : []);
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([key, each]) => [[key], ...inner(each).map((path) => [key, ...path])]);
  if ('element' in def) return [['0'], ...inner(def.element).map((path) => ['0', ...path])];
  if ('options' in def && Array.isArray(def.options)) return def.options.flatMap(inner);
  if ('innerType' in def) return inner(def.innerType);
  return 'in' in def ? inner(def.in) : [];
}

const put = ([first, ...rest]: readonly string[], value: unknown): unknown => {
  if (first === undefined) return value;
  return first === '0' ? [put(rest, value)] : { [first]: put(rest, value) };
};

/** As zod speaks where nobody gives it words. */
const foreign =
  /\b(?:Invalid|expected|received|Unrecognized|Too (?:small|big)|must (?:be|match|start|end)|to have)\b|[<>]=|\bNaN\b|undefined|\[object/;
/** Brackets and braces of JSON are for programs. */
const json = /[[\]{}]/;

it.each(schemas)('what %s refuses is told in words of ours, each with what to do', (_, schema) => {
  const wrong = new Set<string>();
  let told = 0;
  for (const path of [[], ...pathsOf(schema)])
    for (const value of hostile) {
      const input = put(path, value);
      const { error } = schema.safeParse(input);
      for (const { path: at, reason, remedy } of error === undefined ? [] : invalidInput(error.issues, input).violations) {
        told += 1;
        // Which of several texts it is, at the end and in quotes, is nothing of ours.
        const said = [reason.replace(/: ".*"\.$/s, '.'), remedy];
        const own = said.every((text) => /^\S.*\.$/s.test(text) && !foreign.test(text.replaceAll(/"[^"]*"/g, '')) && !json.test(text));
        if (!own) wrong.add(`${at}: ${said.join(' | ')}`.slice(0, 300));
      }
    }
  expect([...wrong]).toEqual([]);
  expect(told).toBeGreaterThan(0);
});
