import type { EndpointContract } from '@hostmaster/core/contract/endpoint';

export type FieldChange = { field: string; before: string | null; after: string | null };

/** Every field as a dotted path and its value as a person writes it; lists stay in one piece. */
function fieldsOf(value: unknown, path = ''): [string, string][] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.length === 0 ? [] : [[path, value.join(', ')]];
  if (typeof value !== 'object') return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => fieldsOf(inner, path === '' ? key : `${path}.${key}`));
}

/** What differs between two revisions of a contract, field by field, in the order of the contract. */
export function contractChanges(before: EndpointContract, after: EndpointContract): FieldChange[] {
  const old = new Map(fieldsOf(before));
  const now = new Map(fieldsOf(after));
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((field) => {
    const change = { field, before: old.get(field) ?? null, after: now.get(field) ?? null };
    return change.before === change.after ? [] : [change];
  });
}
