'use client';
// What of a list lives in the address: its filters and the place in its pages. A change of the filters begins anew at the
// first page; going on to the next one can be gone back on.
import { parseAsString, type UseQueryStatesKeysMap, useQueryState, useQueryStates } from 'nuqs';

/** New values of some filters; null takes one away. */
export type Change<Search> = { [K in keyof Search]?: Search[K] | null };

export type Paging = { readonly atFirst: boolean; readonly toFirst: () => void; readonly to: (cursor: string) => void };

export function useListSearch<Filters extends UseQueryStatesKeysMap>(filters: Filters) {
  const [search, setSearch] = useQueryStates(filters, { history: 'replace' });
  const [cursor, setCursor] = useQueryState('cursor', parseAsString.withDefault(''));
  const filter: typeof setSearch = (change) => {
    void setCursor(null);
    return setSearch(change);
  };
  const paging: Paging = {
    atFirst: cursor === '',
    toFirst: () => void setCursor(null),
    to: (next) => void setCursor(next, { history: 'push' }),
  };
  return { search, filter, clear: () => void filter(null), cursor, paging };
}
