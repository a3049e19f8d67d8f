'use client';
import { useQuery } from '@tanstack/react-query';
import { Callout } from '@/components/ui/callout';
import { TextLink } from '@/components/ui/link';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Time } from '@/components/ui/time';
import { plural } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';

/** Whether the audit trail is whole, recomputed at most every five minutes while an auditor looks at it. */
export function AuditState() {
  const trpc = useTRPC();
  const { data, error } = useQuery({ ...trpc.audit.verify.queryOptions(), staleTime: 300_000 });
  return (
    <div aria-live="polite">
      {data?.brokenAt ? (
        <Callout state="bad" title={`The audit chain is broken at event ${data.brokenAt.seq}.`}>
          {data.brokenAt.reason} Events before it are whole. Keep a copy of the database and tell security.{' '}
          <TextLink href="/audit">Open the trail</TextLink>
        </Callout>
      ) : data ? (
        <Callout state="ok" title={`The audit chain is whole: ${plural(data.checked, 'event')} verified.`}>
          Nothing was changed, taken out or put in; seen <Time at={data.verifiedAt} />. <TextLink href="/audit">Open the trail</TextLink>
        </Callout>
      ) : error ? (
        <ProblemPanel error={error} />
      ) : (
        <Callout state="wait" title="Recomputing every hash of the audit chain…" />
      )}
    </div>
  );
}
