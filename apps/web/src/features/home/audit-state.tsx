'use client';
import { useQuery } from '@tanstack/react-query';
import { Callout } from '@/components/ui/callout';
import { TextLink } from '@/components/ui/link';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Time } from '@/components/ui/time';
import { wholeText, wholeTitle } from '@/features/audit/whole';
import { sentence } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';

/** Whether the audit trail is whole; recomputed at most every five minutes, and only for an auditor. */
export function useAuditState(enabled: boolean) {
  const trpc = useTRPC();
  return useQuery({ ...trpc.audit.verify.queryOptions({}), enabled, staleTime: 300_000 });
}

export function AuditState({ data, error }: Pick<ReturnType<typeof useAuditState>, 'data' | 'error'>) {
  return (
    <div aria-live="polite">
      {data?.brokenAt ? (
        <Callout state="bad" title={`The audit chain is broken at event ${data.brokenAt.seq}.`}>
          {sentence(data.brokenAt.reason)} Events before it are whole. Keep a copy of the database and tell security.{' '}
          <TextLink href="/audit">Open the trail</TextLink>
        </Callout>
      ) : data ? (
        <Callout state="ok" title={`The audit chain: ${wholeTitle(data)}`}>
          {wholeText} Verified <Time at={data.verifiedAt} />. <TextLink href="/audit">Open the trail</TextLink>
        </Callout>
      ) : error ? (
        <ProblemPanel error={error} />
      ) : (
        <Callout state="wait" title="Recomputing every hash of the audit chain…" />
      )}
    </div>
  );
}
