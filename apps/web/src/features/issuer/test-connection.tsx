'use client';
// The connection of an issuer as it was last tested, with when that was, and for platform admins "Test connection".
import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import type { Operation } from '@hostmaster/core/contract/operation';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { Button } from '@/components/ui/button';
import { TextLink } from '@/components/ui/link';
import { type MarkState, Status } from '@/components/ui/mark';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Time } from '@/components/ui/time';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { Findings, Untested } from '@/features/connection/findings';
import { isMoving } from '@/features/operation/poll';
import { useLiveOperation } from '@/features/operation/use-live-operation';
import { useTRPC } from '@/lib/trpc';
import { besidesOf } from './issuer-trial';
import { useKinds } from './use-kinds';

export function TestConnection({ issuer }: { issuer: IssuerRow }) {
  const { id, name, kind: word, lastTest } = issuer;
  const may = isPlatform(useMe());
  const trpc = useTRPC();
  const queries = useQueryClient();
  const kind = useKinds().find((each) => each.kind === word);
  const [begun, setBegun] = useState<Operation | null>(null);
  const [shown, setShown] = useState(false);
  const test = useMutation(trpc.issuers.test.mutationOptions({ onSuccess: setBegun }));
  const kept = useQuery({ ...trpc.operations.get.queryOptions({ id: lastTest?.operationId ?? '' }), enabled: shown && lastTest !== null });
  const live = useLiveOperation(
    begun ?? kept.data ?? null,
    useCallback(() => void queries.invalidateQueries(trpc.issuers.pathFilter()), [queries, trpc]),
  );
  const working = test.isPending || (live !== null && isMoving(live));
  const open = begun !== null || shown;
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
            <Button
              size="sm"
              aria-label={`Test the connection of ${name}`}
              busy={working && 'Asking the CA…'}
              onClick={() => test.mutate({ id })}
            >
              {lastTest === null ? 'Test connection' : 'Test again'}
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
            checks={kind?.checks ?? []}
            besides={besidesOf(kind)}
            mend={
              may ? (
                <>
                  Where what was typed is wrong, <TextLink href={`/issuers/${id}/edit`}>change where it is</TextLink> and test again.
                </>
              ) : (
                'A platform admin can change where it is.'
              )
            }
          />
        ) : (
          may && lastTest === null && kind && <Untested checks={kind.checks} besides={besidesOf(kind)} />
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

function LastTest({ lastTest }: Pick<IssuerRow, 'lastTest'>) {
  if (lastTest === null) return <p className="text-ink-3 text-sm">Its connection was never tested.</p>;
  const { state, words } = said(lastTest.ok);
  return (
    <div className="text-sm">
      <Status state={state}>{words}</Status>
      <p className="text-ink-3 text-xs">
        tested <Time at={lastTest.at} />
        {lastTest.changedSince && '; the issuer was changed since'}
      </p>
    </div>
  );
}
