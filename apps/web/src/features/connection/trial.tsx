'use client';
// Where a zone is to be kept is tested before it is stored: what was typed goes to a worker, which says what each check found. A
// test that failed is stored past only by somebody who says so.
import type { Operation } from '@hostmaster/core/contract/operation';
import type { DnsProviderRow, ZoneTrialDraft } from '@hostmaster/core/contract/zone';
import { useMutation } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { Checkbox } from '@/components/ui/input';
import { isMoving } from '@/features/operation/poll';
import { useLiveOperation } from '@/features/operation/use-live-operation';
import { useTRPC } from '@/lib/trpc';
import { Findings, passed } from './test-connection';

export type Trial = {
  /** `untried` also once something was typed since: what was found was found of something else. */
  readonly state: 'untried' | 'working' | 'works' | 'fails';
  /** Whether it may be stored: it works, or whoever fills the form said that it is to be stored all the same. */
  readonly ready: boolean;
  readonly operation: Operation | null;
  readonly error: unknown;
  /** What was to be tried, of which `error` speaks. */
  readonly sent: ZoneTrialDraft | undefined;
  readonly anyway: boolean;
  readonly start: () => void;
  readonly setAnyway: (anyway: boolean) => void;
};

export function useTrial(draft: ZoneTrialDraft): Trial {
  const trpc = useTRPC();
  const now = JSON.stringify(draft);
  const [tried, setTried] = useState<{ draft: string; operation: Operation } | null>(null);
  const [overridden, setOverridden] = useState('');
  const start = useMutation(trpc.zones.try.mutationOptions());
  const live = useLiveOperation(
    tried?.operation ?? null,
    useCallback(() => {}, []),
  );
  const operation = tried?.draft === now ? live : null;
  const state = start.isPending
    ? 'working'
    : operation === null
      ? 'untried'
      : isMoving(operation)
        ? 'working'
        : passed(operation)
          ? 'works'
          : 'fails';
  const anyway = state === 'fails' && overridden === now;
  return {
    state,
    ready: state === 'works' || anyway,
    operation,
    error: start.error,
    sent: start.variables,
    anyway,
    start: () => start.mutate(draft, { onSuccess: (begun) => setTried({ draft: now, operation: begun }) }),
    setAnyway: (checked) => setOverridden(checked ? now : ''),
  };
}

/** What each check found, and the word that is needed where one failed. @param anyway what is done all the same, and what it means */
export function TrialFindings({ trial, checks, anyway }: { trial: Trial; checks: DnsProviderRow['checks']; anyway: string }) {
  return (
    <div aria-live="polite">
      {trial.operation && (
        <div className="grid gap-4 rounded-md border border-line px-4 py-3.5">
          <Findings operation={trial.operation} checks={checks} mend="Correct what is wrong above, and test again." />
          {trial.state === 'fails' && (
            <Checkbox checked={trial.anyway} onChange={(event) => trial.setAnyway(event.target.checked)}>
              {anyway}
            </Checkbox>
          )}
        </div>
      )}
    </div>
  );
}

/** What the button that sends the form does next. */
export const nextStep = ({ state, ready }: Pick<Trial, 'state' | 'ready'>, store: string): string =>
  ready ? store : state === 'fails' ? 'Test again' : 'Test the connection';
