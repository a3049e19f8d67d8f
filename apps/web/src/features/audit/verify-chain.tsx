'use client';
import { useQuery } from '@tanstack/react-query';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { plural, sentence } from '@/lib/format/text';
import { exact } from '@/lib/format/time';
import { useTRPC } from '@/lib/trpc';

/** Recomputes every hash from the first event on, and says whether anything was changed, taken out or put in. */
export function VerifyChain() {
  const trpc = useTRPC();
  const [open, setOpen] = useState(false);
  const { data, error, isFetching, refetch } = useQuery({ ...trpc.audit.verify.queryOptions(), enabled: open, staleTime: 0, gcTime: 0 });
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button>
          <Link2 aria-hidden /> Verify the chain
        </Button>
      }
      title="The audit chain"
      description="Every event is hashed together with the hash of the event before it."
    >
      <div aria-live="polite" className="grid gap-3">
        {isFetching ? (
          <Callout state="wait" title="Recomputing every hash…" />
        ) : error ? (
          <ProblemPanel error={error} />
        ) : data?.ok ? (
          <Callout state="ok" title={`Whole: ${plural(data.checked, 'event')} verified.`}>
            Nothing was changed, taken out or put in.
          </Callout>
        ) : data?.brokenAt ? (
          <Callout state="bad" title={`Broken at event ${data.brokenAt.seq}.`}>
            {sentence(data.brokenAt.reason)} Events before it are whole. Keep a copy of the database and tell security.
          </Callout>
        ) : null}
        {data && !isFetching && (
          <p className="text-ink-3 text-xs">
            {exact(data.verifiedAt)}
            {data.head && (
              <>
                , head <span className="data break-all">{data.head}</span>
              </>
            )}
          </p>
        )}
        <div className="flex justify-end">
          <Button busy={isFetching && 'Verifying…'} onClick={() => void refetch()}>
            Verify again
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
