'use client';
import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Remedy } from '@/components/ui/remedy';
import { useNow } from '@/components/ui/time';
import { useTRPC } from '@/lib/trpc';

/** The same first label below each suffix that the team was granted, to be chosen in place of a name that it may not have. */
export function OwnSuffixes({ team, hostname, choose }: { team: string; hostname: string; choose: (hostname: string) => void }) {
  const { data } = useQuery(useTRPC().grants.list.queryOptions({ team, limit: 20 }));
  const label = hostname.trim().split('.')[0] ?? '';
  const now = useNow();
  const open = (data?.rows ?? []).filter(({ expiresAt }) => expiresAt === null || new Date(expiresAt).getTime() > now);
  const suffixes = [...new Set(open.map(({ suffix }) => suffix))];
  if (data === undefined || label === '') return null;
  if (suffixes.length === 0)
    return (
      <p className="mt-2">
        <Remedy text={`Team ${team} has no grant yet; a platform admin gives the first one, under Grants.`} />
      </p>
    );
  return (
    <div className="mt-2 grid grid-cols-1 gap-1.5">
      <p>Team {team} may have names below these:</p>
      <p className="flex min-w-0 flex-wrap gap-1.5">
        {suffixes.map((suffix) => (
          <Button key={suffix} size="sm" className="name min-w-0 max-w-full" onClick={() => choose(`${label}.${suffix}`)}>
            <span className="min-w-0 truncate">
              {label}.{suffix}
            </span>
          </Button>
        ))}
      </p>
    </div>
  );
}
