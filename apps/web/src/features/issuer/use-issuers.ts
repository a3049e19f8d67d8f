'use client';
import { useQueries } from '@tanstack/react-query';
import { useEffect } from 'react';
import { pageOfIssuers } from '@/lib/all-rows';
import { useTRPC } from '@/lib/trpc';
import { useCursors } from '@/lib/use-cursors';

/** Every issuer, as far as they are here; the rest is on its way. */
export function useIssuers() {
  const trpc = useTRPC();
  const [cursors, goOn] = useCursors();
  const pages = useQueries({ queries: cursors.map((cursor) => pageOfIssuers(trpc, cursor)) });
  const next = pages.at(-1)?.data?.nextCursor;
  useEffect(() => goOn(next));
  return pages.flatMap(({ data }) => data?.rows ?? []);
}
