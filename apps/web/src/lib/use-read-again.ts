'use client';
import { type QueryClient, type QueryFilters, useQueryClient } from '@tanstack/react-query';

/** A server that is slow to be read has said already that it did what was wanted. */
const mostMilliseconds = 3000;

/**
 * Has what shows a change read again, and waits until it is: whoever says then that it was made is not contradicted by a table beside it.
 * Never throws.
 */
export async function readAgain(queries: Pick<QueryClient, 'invalidateQueries'>, shownBy: readonly QueryFilters[]): Promise<void> {
  const read = Promise.all(shownBy.map((filter) => queries.invalidateQueries(filter)));
  await Promise.race([read, new Promise((resolve) => setTimeout(resolve, mostMilliseconds))]);
}

export function useReadAgain(): (...shownBy: readonly QueryFilters[]) => Promise<void> {
  const queries = useQueryClient();
  return (...shownBy) => readAgain(queries, shownBy);
}
