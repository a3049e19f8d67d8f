'use client';
// A connection is tested before it is stored: what was typed goes to a worker, which says what each check found. One that failed is
// stored only by somebody who says so.
import type { ChecksOfConnection } from '@hostmaster/core/contract/described';
import type { Operation } from '@hostmaster/core/contract/operation';
import { type UseMutationOptions, useMutation } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { Checkbox } from '@/components/ui/input';
import { isMoving } from '@/features/operation/poll';
import { useLiveOperation } from '@/features/operation/use-live-operation';
import { problemOf } from '@/lib/problem';
import { type Besides, Findings, passed } from './findings';

export type Trial<Draft> = {
  /** `untried` also once something was typed since: what was found was found of something else. */
  readonly state: 'untried' | 'working' | 'works' | 'fails';
  /** Whether it may be stored: it works, or whoever fills the form said that it is to be stored all the same. */
  readonly ready: boolean;
  readonly operation: Operation | null;
  readonly error: unknown;
  /** What was to be tried, of which `error` speaks. */
  readonly sent: Draft | undefined;
  readonly anyway: boolean;
  /** How whoever stores it says that it was tested, or that it is to be stored all the same. */
  readonly proof: { readonly trial?: string; readonly untested?: true };
  readonly start: () => void;
  /** A refusal of what was to be stored: where the test counts no more, it is made again. */
  readonly lapse: (refused: unknown) => void;
  readonly setAnyway: (anyway: boolean) => void;
};

/** @param wish asks for the test of a draft */
export function useTrial<Draft, Refusal>(draft: Draft, wish: UseMutationOptions<Operation, Refusal, Draft>): Trial<Draft> {
  const now = JSON.stringify(draft);
  const [tried, setTried] = useState<{ draft: string; operation: Operation } | null>(null);
  const [overridden, setOverridden] = useState('');
  const start = useMutation(wish);
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
  const proof = state === 'works' && operation !== null ? { trial: operation.id } : anyway ? ({ untested: true } as const) : {};
  return {
    state,
    ready: state === 'works' || anyway,
    operation,
    error: start.error,
    sent: start.variables,
    anyway,
    proof,
    start: () => start.mutate(draft, { onSuccess: (begun) => setTried({ draft: now, operation: begun }) }),
    lapse: (refused) => {
      if (problemOf(refused).violations.some(({ rule }) => rule === 'connection-tested')) setTried(null);
    },
    setAnyway: (checked) => setOverridden(checked ? now : ''),
  };
}

type TrialFindingsProps = {
  trial: Trial<unknown>;
  checks: ChecksOfConnection;
  besides: Besides | null;
  /** What is done all the same where a check failed, and what it means. */
  anyway: string;
};

/** What each check found, and the word that is needed where one failed. */
export function TrialFindings({ trial, checks, besides, anyway }: TrialFindingsProps) {
  return (
    <div aria-live="polite">
      {trial.operation && (
        <div className="grid gap-4 rounded-md border border-line px-4 py-3.5">
          <Findings operation={trial.operation} checks={checks} besides={besides} mend="Correct what is wrong above, and test again." />
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
export const nextStep = ({ state, ready }: Pick<Trial<unknown>, 'state' | 'ready'>, store: string): string =>
  ready ? store : state === 'fails' ? 'Test again' : 'Test the connection';
