import type { Query, QueryCache } from '@tanstack/react-query';

/**
 * Of what a page shows, what was read longest ago and could not be read anew since; null where all of it could. It stays
 * on the page: old answers are better than none, as long as they are said to be old.
 */
export function stalest(cache: QueryCache): Query | null {
  const failed = cache.findAll({ type: 'active' }).filter(({ state }) => state.data !== undefined && state.error !== null);
  return failed.sort((one, other) => one.state.dataUpdatedAt - other.state.dataUpdatedAt)[0] ?? null;
}
