'use client';
// A connection (of an issuer, of a destination) as it was last tested, with when that was, and for platform admins "Test connection".
import type { ChecksOfConnection, ConnectionTest } from '@hostmaster/core/contract/described';
import type { Operation } from '@hostmaster/core/contract/operation';
import { type UseMutationOptions, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { TextLink } from '@/components/ui/link';
import { type MarkState, Status } from '@/components/ui/mark';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Time } from '@/components/ui/time';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { isMoving } from '@/features/operation/poll';
import { useLiveOperation } from '@/features/operation/use-live-operation';
import { useTRPC } from '@/lib/trpc';
import { type Besides, Findings, Untested } from './findings';

type TestConnectionProps<Refusal> = {
  id: string;
  /** What it is called. */
  name: string;
  lastTest: ConnectionTest | null;
  /** Of its kind; null where nobody knows that. */
  checks: ChecksOfConnection | null;
  besides: Besides | null;
  /** Asks for the test. */
  wish: UseMutationOptions<Operation, Refusal, { id: string }>;
  /** What of it is shown elsewhere is read again. */
  refresh: () => void;
  /** Where what was typed is changed. */
  edit: `/issuers/${string}/edit` | `/destinations/${string}/edit`;
  /** While it is asked. */
  asking: string;
};

export function TestConnection<Refusal>({
  id,
  name,
  lastTest,
  checks,
  besides,
  wish,
  refresh,
  edit,
  asking,
}: TestConnectionProps<Refusal>) {
  const may = isPlatform(useMe());
  const trpc = useTRPC();
  const [begun, setBegun] = useState<Operation | null>(null);
  const [shown, setShown] = useState(false);
  const test = useMutation({ ...wish, onSuccess: setBegun });
  const kept = useQuery({ ...trpc.operations.get.queryOptions({ id: lastTest?.operationId ?? '' }), enabled: shown && lastTest !== null });
  const live = useLiveOperation(begun ?? kept.data ?? null, refresh);
  const working = test.isPending || (live !== null && isMoving(live));
  const open = begun !== null || shown;
  const word = lastTest === null ? 'Test connection' : 'Test again';
  return (
    <div className="mt-4 grid gap-3 border-line border-t pt-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <LastTest lastTest={lastTest} />
        <div className="flex flex-wrap gap-1">
          {lastTest !== null && begun === null && (
            <Button size="sm" look="bare" aria-expanded={shown} onClick={() => setShown(!shown)}>
              {shown ? 'Hide what was found' : 'Show what was found'}
            </Button>
          )}
          {may && (
            <Button size="sm" aria-label={`${word}: ${name}`} busy={working && asking} onClick={() => test.mutate({ id })}>
              {word}
            </Button>
          )}
        </div>
      </div>
      <div aria-live="polite">
        {test.error ? (
          <ProblemPanel error={test.error} />
        ) : open && live ? (
          <Findings
            operation={live}
            checks={checks ?? []}
            besides={besides}
            mend={
              may ? (
                <>
                  Where what was typed is wrong, <TextLink href={edit}>change where it is</TextLink> and test again.
                </>
              ) : (
                'A platform admin can change where it is.'
              )
            }
          />
        ) : (
          may && lastTest === null && checks && <Untested checks={checks} besides={besides} />
        )}
      </div>
    </div>
  );
}

const said = (ok: boolean | null): { readonly state: MarkState; readonly words: string } =>
  ok === null
    ? { state: 'wait', words: 'A test is under way' }
    : ok
      ? { state: 'ok', words: 'The connection works' }
      : { state: 'bad', words: 'The connection does not work' };

function LastTest({ lastTest }: { lastTest: ConnectionTest | null }) {
  if (lastTest === null) return <p className="text-ink-3 text-sm">Its connection was not tested since it was connected.</p>;
  const { state, words } = said(lastTest.ok);
  return (
    <div className="text-sm">
      <Status state={state}>{words}</Status>
      <p className="text-ink-3 text-xs">
        tested <Time at={lastTest.at} />
        {lastTest.changedSince && '; it was changed since'}
      </p>
    </div>
  );
}
