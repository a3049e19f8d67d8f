import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { inputRefused } from '@hostmaster/http/violations';
import { z } from 'zod';
import { type RestRoute, takesBody } from './routes.ts';

type Input = Readonly<Record<string, unknown>>;

/**
 * The input of a procedure out of path, query and body. Each field comes from one place only: what stands in the path
 * stands nowhere else, a change takes nothing from the query, and nothing is given twice. The schema judges the rest.
 * Errors: invalid-input, not-found for a path that is not percent-encoded UTF-8.
 */
export function readInput(
  route: RestRoute,
  pathInput: Readonly<Record<string, string>>,
  query: URLSearchParams,
  body: Input,
): Input | undefined {
  const violations: Violation[] = [];
  const refuse = (rule: string, path: string, reason: string): number => violations.push({ rule, path, reason, remedy: 'Remove it.' });
  const input: Record<string, unknown> = Object.fromEntries(Object.entries(pathInput).map(([field, text]) => [field, decoded(text)]));
  const reads = route.face.method === 'GET';
  for (const key of new Set(query.keys())) {
    const values = query.getAll(key);
    if (takesBody(route.face.method)) refuse('unknown-field', key, 'This address takes nothing from the query.');
    else if (values.length > 1) refuse('repeated-field', key, 'The parameter is given more than once.');
    else if (Object.hasOwn(input, key) || route.input === null || !Object.hasOwn(route.input.shape, key))
      refuse('unknown-field', key, 'There is no such parameter.');
    else input[key] = parameterOf(route, key, values[0] ?? '');
  }
  if (!reads) {
    for (const [key, value] of Object.entries(body)) {
      if (Object.hasOwn(input, key)) refuse('unknown-field', key, 'It stands in the path already.');
      else if (route.input === null) refuse('unknown-field', key, 'This address takes no body.');
      // defineProperty: a field named __proto__ is an unknown field like any other, and is refused by the schema as one.
      else Object.defineProperty(input, key, { value, enumerable: true, configurable: true, writable: true });
    }
  }
  if (violations.length > 0) throw inputRefused(violations);
  return route.input === null ? undefined : input;
}

/** The query is text: what is to be a number or true or false is read as one, and left as it is where it is none. */
function parameterOf({ query }: RestRoute, field: string, text: string): unknown {
  const type = query === null ? undefined : typeIn(query.shape[field]);
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return type === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The kind of value that a field takes, beneath what says that it may be left out. */
function typeIn(field: z.core.$ZodType | undefined): string | undefined {
  if (field instanceof z.ZodOptional || field instanceof z.ZodDefault) return typeIn(field.unwrap());
  return field?._zod.def.type;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new HostmasterError('not-found', 'The path is not percent-encoded UTF-8.', { cause });
  }
}
