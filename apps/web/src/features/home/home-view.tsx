'use client';
import type { Me } from '@hostmaster/core/contract/account';
import { useSuspenseQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import type { Route } from 'next';
import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Kbd } from '@/components/ui/kbd';
import { Mark, type MarkState } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { mayReview, useMe } from '@/features/account/use-me';
import { cn } from '@/lib/class-names';
import { grouped, plural } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';

type Kind = 'review' | 'request' | 'endpoint' | 'certificate' | 'zone';

const kinds = {
  review: { mark: 'wait', does: 'Review' },
  request: { mark: 'wait', does: 'Look' },
  endpoint: { mark: 'bad', does: 'Mend' },
  certificate: { mark: 'wait', does: 'Look' },
  zone: { mark: 'bad', does: 'Mend' },
} satisfies Record<Kind, { mark: MarkState; does: string }>;

export function HomeView() {
  const me = useMe();
  const trpc = useTRPC();
  const { data: home } = useSuspenseQuery({ ...trpc.account.home.queryOptions(), refetchInterval: 15_000 });
  const { counts, needsMe } = home;
  return (
    <>
      <PageHeader
        title={
          needsMe.length === 0 ? 'All clear' : needsMe.length === 1 ? 'One thing needs you' : `${grouped(needsMe.length)} things need you`
        }
        sub={
          <p>
            {home.checkedAt ? (
              <>
                Last checked <Time at={home.checkedAt} />.
              </>
            ) : (
              'Nothing to check yet.'
            )}
          </p>
        }
        actions={
          me.teams.length > 0 ? (
            <Button asChild look="primary">
              <Link href="/requests/new">
                Request a name <Kbd>C</Kbd>
              </Link>
            </Button>
          ) : undefined
        }
      />
      <div className="grid gap-4">
        <Card className="overflow-clip">
          {needsMe.length === 0 ? (
            <div className="grid justify-items-center gap-1.5 px-6 py-14 text-center">
              <Mark state="ok" className="mb-2 size-9" />
              <p className="font-[560]">Nothing needs you.</p>
              <p className="max-w-md text-ink-2 text-sm">{calm(me)}</p>
            </div>
          ) : (
            <ul aria-label="What needs you" className="divide-y divide-line">
              {needsMe.map((need) => (
                <li
                  key={`${need.kind}${need.href}${need.title}`}
                  className="relative flex items-start gap-3 px-4 py-3.5 hover:bg-sunken sm:px-5"
                >
                  <Mark state={kinds[need.kind].mark} className="mt-0.75" />
                  <div className="min-w-0 flex-1">
                    {/* Where it leads is said by the server; it is a path of this portal. */}
                    <Link
                      href={need.href as Route}
                      className={cn(
                        'rounded-[3px] font-[620] after:absolute after:inset-0 focus-visible:-outline-offset-2',
                        need.title.includes('.') && 'name',
                      )}
                    >
                      {need.title}
                    </Link>
                    <p className="text-ink-2 text-sm">{need.text}</p>
                  </div>
                  <span className="pt-0.5 text-ink-3 text-xs">
                    <Time at={need.since} />
                  </span>
                  <span aria-hidden className="flex items-center gap-1 pt-0.5 text-accent text-sm max-sm:hidden">
                    {kinds[need.kind].does} <ArrowRight className="size-3.5" />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Card>
        <ul className="grid gap-px overflow-clip rounded-lg border border-line bg-line shadow-[var(--lift)] sm:grid-cols-2 lg:grid-cols-4">
          <Count
            href="/endpoints?mine=true"
            value={counts.endpoints}
            label={counts.endpoints === 1 ? 'endpoint of yours' : 'endpoints of yours'}
          />
          <Count
            href="/endpoints?mine=true&state=degraded"
            value={counts.attention}
            label={counts.attention === 1 ? 'needs attention' : 'need attention'}
            state={counts.attention > 0 ? 'bad' : 'ok'}
          />
          <Count
            href="/requests?tab=open"
            value={counts.openRequests}
            label={counts.openRequests === 1 ? 'open request' : 'open requests'}
          />
          <Count
            href="/requests?tab=queue"
            value={counts.reviews}
            label={mayReview(me) ? 'wait for your review' : 'wait for you'}
            state={counts.reviews > 0 ? 'wait' : 'none'}
          />
        </ul>
      </div>
    </>
  );
}

function calm(me: Me): string {
  if (me.roles.includes('security-reviewer'))
    return 'Requests that touch reserved names, apexes and wildcards come here when they wait for you.';
  if (me.roles.includes('platform-admin')) return 'Zones that cannot be read and requests for the platform owners come here.';
  if (me.roles.includes('auditor')) return 'The audit trail is in the rail; its chain can be verified at any time.';
  return `What breaks in ${plural(me.teams.length, 'team')} of yours, and what your requests wait for, comes here.`;
}

function Count({ href, value, label, state }: { href: Route; value: number; label: string; state?: MarkState }) {
  const ink = state === 'bad' ? 'text-bad' : state === 'wait' ? 'text-wait' : '';
  return (
    <li className="bg-card">
      <Link href={href} className="flex items-baseline gap-2 px-4 py-3.5 hover:bg-sunken focus-visible:-outline-offset-2 sm:px-5">
        <span className={cn('font-[620] text-xl tabular-nums', value > 0 ? ink : 'text-ink-3')}>{grouped(value)}</span>
        <span className="text-ink-2 text-sm">{label}</span>
      </Link>
    </li>
  );
}
