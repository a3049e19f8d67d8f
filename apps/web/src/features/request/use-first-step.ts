'use client';
import { useQuery } from '@tanstack/react-query';
import { useMe } from '@/features/account/use-me';
import { useTRPC } from '@/lib/trpc';
import { type FirstStep, firstStep } from './first-step';

const unknown = { zones: null, grants: null };

/** What the reader is to do, or to wait for, before anybody can ask for a name; null where nothing is missing. */
export function useFirstStep(): FirstStep | null {
  const { data } = useQuery({ ...useTRPC().account.home.queryOptions(), refetchInterval: 15_000 });
  return firstStep(useMe(), data?.there ?? unknown);
}
