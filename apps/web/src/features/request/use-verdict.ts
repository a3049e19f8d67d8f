'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { askable, hasTarget, isAskable, type RequestDraft } from './form-values';
import { unreadableFields } from './unreadable';

/** A name of one label cannot be judged yet: whoever types has not come to the dot. */
const isComplete = (hostname: string): boolean => /[^.]\.[^.]/.test(hostname.trim());

/**
 * What policy says of the draft, asked 120 ms after the last key; the answer before stays until the next one is there.
 * `settled` is false while what is shown belongs to an earlier text.
 */
export function useVerdict(draft: RequestDraft) {
  const trpc = useTRPC();
  const key = JSON.stringify(draft);
  const settledKey = useDebounced(key, 120);
  const asked = useMemo(() => askable(JSON.parse(settledKey) as RequestDraft), [settledKey]);
  const enabled = isComplete(asked.contract.hostname) && asked.contract.team !== '' && isAskable(asked);
  const query = useQuery({
    ...trpc.requests.check.queryOptions(asked),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 5000,
    retry: false,
  });
  const result = enabled ? query.data : undefined;
  return {
    /** Whether anything stands where the name belongs. */
    named: draft.contract.hostname !== '',
    result,
    violations: result?.decision.violations ?? [],
    /** Nobody said yet where the name leads: nothing is known of the records. */
    untargeted: !hasTarget(draft),
    /** Other fields that cannot be read yet, by name: what is known is not of what would be asked for. */
    unreadable: unreadableFields(draft),
    settled: key === settledKey && !query.isFetching,
    error: enabled ? query.error : null,
  };
}

export type VerdictOfDraft = ReturnType<typeof useVerdict>;
