'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { allIssuers } from '@/lib/all-rows';
import { useTRPC } from '@/lib/trpc';
import { useAllRows } from '@/lib/use-all-rows';

/** Every issuer; none until they are here. */
export const useIssuers = () => useAllRows(useInfiniteQuery(allIssuers(useTRPC())));
