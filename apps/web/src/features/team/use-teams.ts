'use client';
import { useQueries } from '@tanstack/react-query';
import { useEffect } from 'react';
import { pageOfTeams } from '@/lib/all-rows';
import { useTRPC } from '@/lib/trpc';
import { useCursors } from '@/lib/use-cursors';

/** Every team, as far as they are here; the rest is on its way. */
export function useTeams() {
  const trpc = useTRPC();
  const [cursors, goOn] = useCursors();
  const pages = useQueries({ queries: cursors.map((cursor) => pageOfTeams(trpc, cursor)) });
  const next = pages.at(-1)?.data?.nextCursor;
  useEffect(() => goOn(next));
  return pages.flatMap(({ data }) => data?.rows ?? []);
}
