'use client';
import { useEffect } from 'react';

type Pages<Row> = {
  readonly data: { readonly pages: readonly { readonly rows: readonly Row[] }[] } | undefined;
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly isError: boolean;
  readonly fetchNextPage: () => unknown;
};

/** The rows of every page, as far as they are here; the rest is on its way. */
export function useAllRows<Row>({ data, hasNextPage, isFetching, isError, fetchNextPage }: Pages<Row>): readonly Row[] {
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  return data?.pages.flatMap(({ rows }) => rows) ?? [];
}
