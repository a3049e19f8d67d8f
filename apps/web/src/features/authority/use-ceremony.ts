'use client';
// What is asked of the internal CA, a worker carries out: a dialog stays open until it is over, and says what became of it.
import type { Operation } from '@hostmaster/core/contract/operation';
import { type UseMutationOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { toast } from 'sonner';
import { isFinished } from '@/features/operation/poll';
import { useLiveOperation } from '@/features/operation/use-live-operation';
import type { ShownProblem } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';

/** @param done closes the dialog; run once the worker has carried it out */
export function useCeremony<Failure, Input, Context>(options: UseMutationOptions<Operation, Failure, Input, Context>, done: () => void) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [begun, setBegun] = useState<Operation | null>(null);
  const ask = useMutation(options);
  const refresh = useCallback(() => {
    void queries.invalidateQueries(trpc.authority.pathFilter());
    void queries.invalidateQueries(trpc.issuers.pathFilter());
  }, [queries, trpc]);
  const live = useLiveOperation(begun, refresh);
  const state = live === null ? null : live.state;
  const reason = live?.reason ?? '';
  useEffect(() => {
    if (state !== 'succeeded') return;
    refresh();
    toast.success(reason);
    done();
  }, [state, reason, refresh, done]);
  const failed: ShownProblem | null =
    live !== null && live.state === 'failed'
      ? { code: null, title: 'It could not be carried out', detail: live.reason, remedy: '', violations: [], traceId: null }
      : null;
  return {
    ask: (input: Input) => {
      setBegun(null);
      ask.mutate(input, { onSuccess: setBegun });
    },
    busy:
      ask.isPending || (live !== null && !isFinished(live))
        ? live?.stalled
          ? 'Waiting for a worker…'
          : 'A worker is at it…'
        : (false as const),
    error: ask.error,
    sent: ask.variables,
    failed,
  };
}
