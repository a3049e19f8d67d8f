'use client';
import type { Operation } from '@hostmaster/core/contract/operation';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTRPC } from '@/lib/trpc';
import { pollEvery } from './poll';

/** The operation as it moves; `onMove` runs whenever it got a step further, to refresh what depends on it. */
export function useLiveOperation(operation: Operation | null, onMove: () => void): Operation | null {
  const trpc = useTRPC();
  const { data } = useQuery({
    ...trpc.operations.get.queryOptions({ id: operation?.id ?? '' }),
    enabled: operation !== null,
    ...(operation ? { initialData: operation } : {}),
    staleTime: 0,
    refetchInterval: (query) => pollEvery(query.state.data),
  });
  const live = operation === null ? null : data?.id === operation.id ? newer(data, operation) : operation;
  const place = live === null ? '' : `${live.id} ${live.state} ${live.step} ${live.trail.length}`;
  const known = useRef(place);
  useEffect(() => {
    if (known.current === place) return;
    known.current = place;
    onMove();
  }, [place, onMove]);
  return live;
}

/** A page that was refreshed may know more than the last poll. */
const newer = (polled: Operation, given: Operation): Operation =>
  given.finishedAt !== null && polled.finishedAt === null ? given : polled;
