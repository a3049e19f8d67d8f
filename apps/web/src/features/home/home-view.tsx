'use client';
// The first page: what needs this person, the figures that matter in their role, and what they are likely to look for next.
import type { Me } from '@hostmaster/core/contract/account';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Mark } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { isAuditor, isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { AskForName } from '@/features/request/ask-for-name';
import { useFirstStep } from '@/features/request/use-first-step';
import { useTRPC } from '@/lib/trpc';
import { AuditState, useAuditState } from './audit-state';
import { Figures } from './figures';
import { elsewhere, headingOf } from './heading';
import { Needs } from './needs';
import { RecentEndpoints, RecentRequests } from './recent';

export function HomeView() {
  const me = useMe();
  const trpc = useTRPC();
  const { data: home } = useSuspenseQuery({ ...trpc.account.home.queryOptions(), refetchInterval: 15_000 });
  const { counts, needsMe } = home;
  const audit = useAuditState(isAuditor(me));
  const needs = needsMe.length + (audit.data?.brokenAt ? 1 : 0);
  const others = elsewhere(counts, home.checkedAt);
  // Whoever has a role in the organisation looks at all of it, as the figures do.
  const mine = me.roles.length === 0;
  const asks = me.teams.length > 0 || counts.endpoints === 0;
  const step = useFirstStep();
  return (
    <>
      <PageHeader
        title={headingOf({ needs, more: home.moreNeeds }, counts, home.checkedAt)}
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
        actions={asks ? <AskForName shortcut /> : undefined}
      />
      <div className="grid grid-cols-1 gap-4">
        {step !== null && (mine || (isPlatform(me) && asks)) && (
          <Callout state="wait" title={`${step.title}.`}>
            {step.text}
          </Callout>
        )}
        {isAuditor(me) && <AuditState data={audit.data} error={audit.error} />}
        {needsMe.length > 0 ? (
          <Needs needs={needsMe} />
        ) : needs > 0 ? null : (
          <Card className="flex items-center gap-3.5 px-4 py-4 sm:px-5">
            <Mark state={others.length > 0 ? 'wait' : counts.endpoints === 0 ? 'none' : 'ok'} className="size-7" />
            <div className="min-w-0">
              <p className="font-[560]">Nothing needs you.</p>
              <p className="text-ink-2 text-sm">{others.length > 0 ? others.join(' ') : calm(me)}</p>
            </div>
          </Card>
        )}
        <Figures me={me} counts={counts} />
        <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)]">
          <RecentEndpoints mine={mine} />
          <RecentRequests mine={mine} />
        </div>
      </div>
    </>
  );
}

function calm(me: Me): string {
  if (me.roles.includes('platform-admin'))
    return 'Zones that cannot be read, names that no team can mend, certificates that near their end and requests for the platform admins come here.';
  if (me.roles.includes('security-reviewer'))
    return 'Requests that touch reserved names, apexes and wildcards come here when they wait for you.';
  if (me.roles.includes('auditor')) return 'The trail of who did what is under Audit; whether it is whole is said here.';
  return `What your ${me.teams.length === 1 ? 'team has' : 'teams have'} to mend, and which of your requests came to nothing, comes here.`;
}
