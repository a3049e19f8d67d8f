// What of the list of requests lives in the address; read by the server for the first rows and by the browser afterwards.
import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const requestTabs = ['queue', 'open', 'all'] as const;
export type RequestTab = (typeof requestTabs)[number];

export const requestSearch = { q: parseAsString.withDefault(''), cursor: parseAsString.withDefault('') };
export const loadRequestSearch = createLoader({ ...requestSearch, tab: parseAsStringLiteral(requestTabs) });

export function requestsInput(tab: RequestTab, q: string, cursor: string) {
  return {
    ...(tab === 'queue' ? { queue: true } : tab === 'open' ? { open: true } : {}),
    ...(q.trim() === '' ? {} : { search: q.trim() }),
    ...(cursor === '' ? {} : { cursor }),
  };
}
