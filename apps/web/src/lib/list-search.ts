'use client';
// What of a list lives in the address: its filters and the place in its pages. A change of the filters begins anew at the
// first page; going on to the next one can be gone back on.
import { parseAsString, type UseQueryStatesKeysMap, useQueryState, useQueryStates } from 'nuqs';
import { useDebounced } from './use-debounced';

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

const noFilters = {};
/** A list that is only paged: what its procedure is asked. */
export function usePages() {
  const { cursor, paging } = useListSearch(noFilters);
  return { asked: cursor === '' ? {} : { cursor }, paging };
}

const oneText = { q: parseAsString.withDefault('') };
/** A list that is searched by one text: what its procedure is asked, and what its field shows. */
export function useSearchedPages() {
  const { search, filter, clear, cursor, paging } = useListSearch(oneText);
  const q = useDebounced(search.q.trim(), 200);
  return {
    asked: { ...(q === '' ? {} : { search: q }), ...(cursor === '' ? {} : { cursor }) },
    paging,
    field: { value: search.q, onChange: (text: string) => void filter({ q: text }) },
    /** @param title what is said where nothing is found */
    narrowed: (title: string) => (q === '' ? null : { title, clear }),
  };
}
