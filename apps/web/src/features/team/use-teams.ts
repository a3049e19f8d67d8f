'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { allTeams } from '@/lib/all-rows';
import { useTRPC } from '@/lib/trpc';
import { useAllRows } from '@/lib/use-all-rows';

/** Every team, to choose one from; none until they are here. */
export const useTeams = () => useAllRows(useInfiniteQuery(allTeams(useTRPC())));

/** Whether there is none, which is not said before it is known. */
export const useNoTeam = (): boolean => useInfiniteQuery(allTeams(useTRPC())).data?.pages[0]?.rows.length === 0;
