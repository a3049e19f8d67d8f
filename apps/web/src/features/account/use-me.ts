'use client';
import type { Me } from '@hostmaster/core/contract/account';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc';

/** Who is signed in; the layout of the portal has always read it already. */
export function useMe(): Me {
  const trpc = useTRPC();
  return useSuspenseQuery({ ...trpc.account.me.queryOptions(), staleTime: 60_000 }).data;
}

/** What to offer; the server decides again, whatever is offered here. */
export const isPlatform = (me: Me): boolean => me.roles.includes('platform-admin');
export const isAuditor = (me: Me): boolean => me.roles.includes('auditor');
export const mayReview = (me: Me): boolean => me.roles.includes('security-reviewer') || me.roles.includes('platform-admin');

export const roleWords = {
  'platform-admin': 'Platform admin',
  'security-reviewer': 'Security reviewer',
  auditor: 'Auditor',
} satisfies Record<Me['roles'][number], string>;
