'use client';
import type { Me } from '@hostmaster/core/contract/account';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc';

/** Who is signed in; the layout of the portal has always read it already. */
export function useMe(): Me {
  const trpc = useTRPC();
  return useSuspenseQuery({ ...trpc.account.me.queryOptions(), staleTime: 60_000 }).data;
}
