'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc';

/** Every team, to choose one from; none until they are here. */
export const useTeams = () => useQuery(useTRPC().teams.list.queryOptions()).data?.rows ?? [];
