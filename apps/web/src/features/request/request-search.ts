// What of the list of requests lives in the address; read by the server for the first rows and by the browser afterwards.
import { type SortOrder, sortOrder } from '@hostmaster/core/contract/page';
import { createLoader, type inferParserType, parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs/server';

const requestTabs = ['queue', 'open', 'all'] as const;
export type RequestTab = (typeof requestTabs)[number];

export const requestSearch = {
  /** Where none is said: what waits for whoever reviews, what is open for everybody else. */
  tab: parseAsStringLiteral(requestTabs),
  q: parseAsString.withDefault(''),
  mine: parseAsBoolean.withDefault(false),
  /** Where none is said: the longest waiting first in the queue, the newest first elsewhere. */
  order: parseAsStringLiteral(sortOrder.options),
};
export type RequestSearch = inferParserType<typeof requestSearch>;
export const loadRequestSearch = createLoader({ ...requestSearch, cursor: parseAsString.withDefault('') });

export const tabOf = ({ tab }: RequestSearch, reviewer: boolean): RequestTab => tab ?? (reviewer ? 'queue' : 'open');
export const orderOf = ({ order }: RequestSearch, tab: RequestTab): SortOrder => order ?? (tab === 'queue' ? 'asc' : 'desc');

export function requestsInput(search: RequestSearch & { cursor: string }, reviewer: boolean) {
  const tab = tabOf(search, reviewer);
  const q = search.q.trim();
  return {
    ...(tab === 'queue' ? { queue: true } : tab === 'open' ? { open: true } : {}),
    ...(q === '' ? {} : { search: q }),
    ...(search.mine ? { mine: true } : {}),
    order: orderOf(search, tab),
    ...(search.cursor === '' ? {} : { cursor: search.cursor }),
  };
}
