import type { Actor } from '@hostmaster/core/policy/authorize';
import type { Db } from '@hostmaster/db/client';
import { personBehind } from '../actor.ts';

type Where = NonNullable<NonNullable<Parameters<Db['request']['findMany']>[0]>['where']>;

/** The groups that the actor speaks for in a review. */
export const groupsOfActor = ({ roles, teams }: Actor): string[] => [...roles, ...teams.map(({ slug }) => `team:${slug}`)];

/** Requests that the actor may decide on now: somebody else's, with a group of theirs that has not decided yet. */
export function waitingFor(actor: Actor): Where {
  const principal = personBehind(actor);
  return {
    state: 'in-review',
    OR: groupsOfActor(actor).map((group) => ({ reviewGroups: { has: group }, reviews: { none: { group } } })),
    ...(principal === null ? {} : { requesterId: { not: principal } }),
  };
}
