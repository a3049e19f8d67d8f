'use client';
import { notifyManager, useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { Callout } from '@/components/ui/callout';
import { SignInAgain } from '@/components/ui/sign-in-again';
import { Time } from '@/components/ui/time';
import { endedSession, problemOf } from '@/lib/problem';
import { stalest } from './stale';

/** Says once, above whatever page it is, that what stands there is not what is so now. */
export function StaleBar() {
  const cache = useQueryClient().getQueryCache();
  const subscribe = useCallback((changed: () => void) => cache.subscribe(notifyManager.batchCalls(changed)), [cache]);
  const query = useSyncExternalStore(
    subscribe,
    () => stalest(cache),
    () => null,
  );
  if (query === null) return null;
  const problem = problemOf(query.state.error);
  return (
    <div role="status">
      <Callout state="wait" title={problem.title} className="mb-4">
        What stands here was read <Time at={new Date(query.state.dataUpdatedAt).toISOString()} />
        {problem.code === endedSession ? (
          <>
            . <SignInAgain />
          </>
        ) : (
          '; it is asked for again by itself.'
        )}
      </Callout>
    </div>
  );
}
