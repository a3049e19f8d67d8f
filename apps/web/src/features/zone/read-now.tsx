'use client';
// Read now: the zone is read whole at once, also where a reading waits for its next try, and the page shows what came of it.
import type { Operation } from '@hostmaster/core/contract/operation';
import type { ZoneDetail } from '@hostmaster/core/contract/zone';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/card';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Time } from '@/components/ui/time';
import { isFinished } from '@/features/operation/poll';
import { Progress } from '@/features/operation/progress';
import { useLiveOperation } from '@/features/operation/use-live-operation';
import { useTRPC } from '@/lib/trpc';
import { ZoneHealth } from './zone-list';

export function ReadNow({ zone }: { zone: ZoneDetail }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [operation, setOperation] = useState<Operation | null>(null);
  const read = useMutation(trpc.zones.reread.mutationOptions({ onSuccess: setOperation }));
  // One that somebody else began, or nobody, is shown as well: a large zone is read for minutes.
  const live = useLiveOperation(
    operation ?? zone.reading,
    useCallback(() => void queries.invalidateQueries(trpc.zones.pathFilter()), [queries, trpc]),
  );
  // A reading that waits may be hurried again.
  const working = read.isPending || (live !== null && !isFinished(live) && live.state !== 'waiting');
  return (
    <Section
      title="Last reading"
      note="every five minutes, and whenever somebody asks"
      action={
        <Button size="sm" busy={working && 'Reading the zone…'} onClick={() => read.mutate({ id: zone.id })}>
          Read now
        </Button>
      }
    >
      <div aria-live="polite">
        {read.error ? (
          <ProblemPanel error={read.error} />
        ) : live ? (
          <Progress operation={live} />
        ) : (
          <>
            <ZoneHealth zone={zone} said="read" />
            {zone.nextReadAt && (
              <p className="mt-1 text-ink-3 text-xs">
                Next read <Time at={zone.nextReadAt} />
              </p>
            )}
          </>
        )}
      </div>
    </Section>
  );
}
