// What of the page of found certificates lives in the address; read by the server for the first rows and by the browser afterwards.
import { verdicts } from '@hostmaster/core/contract/discovery';
import { createLoader, type inferParserType, parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const discoveredSearch = {
  q: parseAsString.withDefault(''),
  verdict: parseAsStringLiteral(verdicts),
  scope: parseAsString.withDefault(''),
  endsWithin: parseAsInteger,
  gone: parseAsBoolean.withDefault(false),
};
export type DiscoveredSearch = inferParserType<typeof discoveredSearch>;
export const loadDiscoveredSearch = createLoader({ ...discoveredSearch, cursor: parseAsString.withDefault('') });

/** An id, or something that somebody wrote into the address. */
const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

export function discoveredInput({ cursor, ...search }: DiscoveredSearch & { cursor: string }) {
  return { ...discoveredFilters(search), ...(cursor === '' ? {} : { cursor }) };
}

/** What narrows the list, or widens it to what is gone. */
export function discoveredFilters({ q, verdict, scope, endsWithin, gone }: DiscoveredSearch) {
  const search = q.trim();
  return {
    ...(search === '' ? {} : { search }),
    ...(verdict === null ? {} : { verdict }),
    ...(isId(scope) ? { scope } : {}),
    ...(endsWithin === null || endsWithin < 0 || endsWithin > 3650 ? {} : { endsWithin }),
    ...(gone ? { served: false } : {}),
  };
}
