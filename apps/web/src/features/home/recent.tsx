'use client';
// Below what needs somebody: the names and the requests that they are most likely to look for next, a few of each.
import { shownState } from '@hostmaster/core/endpoint/broken';
import { useQuery } from '@tanstack/react-query';
import type { Route } from 'next';
import type { ReactNode } from 'react';
import { Section } from '@/components/ui/card';
import { Link, TextLink } from '@/components/ui/link';
import { Status } from '@/components/ui/mark';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Bone } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { ChainDots } from '@/features/chain/chain-dots';
import { stateMarks as endpointMarks, wordOf as endpointWord } from '@/features/endpoint/words';
import { Hostname } from '@/features/name/hostname';
import { useFirstStep } from '@/features/request/use-first-step';
import { kindWords, stageMarks, stageWords } from '@/features/request/words';
import { useTRPC } from '@/lib/trpc';
import { recentEndpoints, recentRequests } from './recent-input';

/** The endpoints that changed last. */
export function RecentEndpoints({ mine }: { mine: boolean }) {
  const trpc = useTRPC();
  const step = useFirstStep();
  const { data, error } = useQuery({
    ...trpc.endpoints.list.queryOptions(recentEndpoints(mine)),
    refetchInterval: 15_000,
  });
  return (
    <Section
      title={mine ? 'Your endpoints' : 'Endpoints'}
      note="changed last"
      action={<All href={mine ? '/endpoints?mine=true' : '/endpoints'}>All endpoints</All>}
      flush
    >
      {error && !data ? (
        <ProblemPanel error={error} className="m-4" />
      ) : !data ? (
        <Bones />
      ) : data.rows.length === 0 ? (
        <p className="px-5 pb-5 text-ink-2 text-sm">
          {mine ? (
            <>
              None yet.{' '}
              {step === null ? (
                <>
                  <TextLink href="/requests/new">Request a name</TextLink>.
                </>
              ) : (
                step.text
              )}
            </>
          ) : (
            <>
              None yet. A first name needs a <TextLink href="/teams">team</TextLink> that asks for it, a{' '}
              <TextLink href="/zones">zone</TextLink> that it stands in, and a <TextLink href="/grants">grant</TextLink> of its suffix.
            </>
          )}
        </p>
      ) : (
        <ul className="divide-y divide-line border-line border-t">
          {data.rows.map((row) => (
            <li key={row.id} className="relative flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5 text-sm hover:bg-sunken sm:px-5">
              <Link
                href={`/endpoints/${row.id}`}
                className="min-w-52 flex-1 rounded-[3px] [overflow-wrap:anywhere] after:absolute after:inset-0 focus-visible:-outline-offset-2"
              >
                <Hostname name={row.unicode} zone={row.zone} />
              </Link>
              <ChainDots chain={row.chain} />
              <Status state={endpointMarks[shownState(row)]} className="w-32">
                {endpointWord(row)}
              </Status>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** The newest requests. */
export function RecentRequests({ mine }: { mine: boolean }) {
  const trpc = useTRPC();
  const { data, error } = useQuery({
    ...trpc.requests.list.queryOptions(recentRequests(mine)),
    refetchInterval: 15_000,
  });
  return (
    <Section title={mine ? 'Your requests' : 'Requests'} note="newest first" action={<All href="/requests">All requests</All>} flush>
      {error && !data ? (
        <ProblemPanel error={error} className="m-4" />
      ) : !data ? (
        <Bones />
      ) : data.rows.length === 0 ? (
        <p className="px-5 pb-5 text-ink-2 text-sm">None yet. What anybody asks for, and how it was decided, stands here.</p>
      ) : (
        <ul className="divide-y divide-line border-line border-t">
          {data.rows.map((row) => (
            <li key={row.id} className="relative grid gap-0.5 px-4 py-2.5 text-sm hover:bg-sunken sm:px-5">
              <Link
                href={`/requests/${row.id}`}
                className="min-w-0 rounded-[3px] [overflow-wrap:anywhere] after:absolute after:inset-0 focus-visible:-outline-offset-2"
              >
                <Hostname name={row.unicode} />
              </Link>
              <span className="flex flex-wrap items-center gap-x-2 text-ink-3 text-xs">
                <Status state={stageMarks[row.stage]}>{stageWords[row.stage]}</Status>
                <span>
                  {kindWords[row.kind]}, <Time at={row.createdAt} />
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const All = ({ href, children }: { href: Route; children: ReactNode }) => (
  <Link href={href} className="rounded-[3px] text-accent text-sm hover:underline">
    {children}
  </Link>
);

const Bones = () => (
  <div className="grid gap-4 px-5 pb-5">
    <Bone className="w-4/5" />
    <Bone className="w-3/5" />
    <Bone className="w-2/3" />
  </div>
);
