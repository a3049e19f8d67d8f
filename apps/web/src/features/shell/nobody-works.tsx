'use client';
// That no worker works, or none takes up what waits, on every page whose content a worker keeps up to date; the first page
// says it among what needs its reader.
import { useQuery } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { Callout } from '@/components/ui/callout';
import { Time } from '@/components/ui/time';
import { useTRPC } from '@/lib/trpc';
import { dependsOnWorkers } from './depends-on-workers';

/** What is known of the workers by what the menu asks for anyway; empty while somebody works, or nobody knows. */
export function useNobodyWorks() {
  const trpc = useTRPC();
  const { data } = useQuery({ ...trpc.account.home.queryOptions(), refetchInterval: 15_000 });
  return (data?.needsMe ?? []).filter(({ kind }) => kind === 'worker' || kind === 'lane');
}

export function NobodyWorks() {
  const path = usePathname();
  const needs = useNobodyWorks();
  return (
    <div aria-live="polite">
      {dependsOnWorkers(path) &&
        needs.map(({ kind, id, title, text, since }) => (
          <Callout
            key={id}
            state="bad"
            className="mb-4"
            title={
              <>
                {title}
                {since && (
                  <>
                    , {kind === 'worker' ? 'last seen' : 'since'} <Time at={since} />
                  </>
                )}
                .
              </>
            }
          >
            {since && 'What is shown here is as of then. '}
            {text}
          </Callout>
        ))}
    </div>
  );
}
