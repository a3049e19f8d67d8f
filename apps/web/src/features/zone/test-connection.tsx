'use client';
// Test connection: a worker asks the name server and every other one, and the page shows what each check found.
import type { Operation } from '@hostmaster/core/contract/operation';
import type { ZoneRow } from '@hostmaster/core/contract/zone';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/card';
import { TextLink } from '@/components/ui/link';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Findings, Untested } from '@/features/connection/findings';
import { isMoving } from '@/features/operation/poll';
import { useLiveOperation } from '@/features/operation/use-live-operation';
import { useTRPC } from '@/lib/trpc';
import { useProvider } from './use-provider';

/** Beside what the kind of provider checks. */
export const everyServer = { prefix: 'server ', holds: 'Every server is authoritative' };

export function TestConnection({ zone }: { zone: Pick<ZoneRow, 'id' | 'connection'> }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const checks = useProvider(zone.connection.kind)?.checks ?? [];
  const [operation, setOperation] = useState<Operation | null>(null);
  const test = useMutation(trpc.zones.test.mutationOptions({ onSuccess: setOperation }));
  // A test that passed takes back what the last reading met, and has the zone read.
  const live = useLiveOperation(
    operation,
    useCallback(() => void queries.invalidateQueries(trpc.zones.pathFilter()), [queries, trpc]),
  );
  const working = test.isPending || (live !== null && isMoving(live));
  return (
    <Section
      title="Test connection"
      action={
        <Button size="sm" busy={working && 'Asking the name server…'} onClick={() => test.mutate({ id: zone.id })}>
          {live ? 'Test again' : 'Test connection'}
        </Button>
      }
    >
      <div aria-live="polite">
        {test.error ? (
          <ProblemPanel error={test.error} />
        ) : live ? (
          <Findings
            operation={live}
            checks={checks}
            besides={everyServer}
            mend={
              <>
                Where what was typed is wrong, <TextLink href={`/zones/${zone.id}/edit`}>change where the zone is kept</TextLink> and test
                again.
              </>
            }
          />
        ) : (
          <Untested checks={checks} besides={everyServer} />
        )}
      </div>
    </Section>
  );
}
