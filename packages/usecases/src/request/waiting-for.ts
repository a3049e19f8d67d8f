import { answererOf } from '@hostmaster/core/policy/answerer';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { groupsOf } from '@hostmaster/core/policy/review-group';
import type { Db } from '@hostmaster/db/client';
import { noRequests } from './asker.ts';

type Where = NonNullable<NonNullable<Parameters<Db['request']['findMany']>[0]>['where']>;

/** Requests that the actor may decide on now, as `mayReview` judges it: others', with a group of theirs that has not decided yet. */
export function waitingFor(actor: Actor): Where {
  const answerer = answererOf(actor);
  const groups = groupsOf(actor);
  if (answerer?.kind !== 'person' || groups.length === 0) return noRequests;
  return {
    state: 'in-review',
    OR: groups.map((group) => ({ reviewGroups: { has: group }, reviews: { none: { group } } })),
    // One of both is null, which equals nothing and differs from nothing.
    AND: { OR: [{ answeringPersonId: { not: answerer.id } }, { answeringTeamId: { not: null, notIn: [...answerer.teamIds] } }] },
  };
}
