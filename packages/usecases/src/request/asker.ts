// Who asked, and who answers for it: what a request's row keeps of an actor, and how it is read again.
import { HostmasterError } from '@hostmaster/core/errors';
import { type Answering, answererOf } from '@hostmaster/core/policy/answerer';
import type { Actor } from '@hostmaster/core/policy/authorize';
import type { Db } from '@hostmaster/db/client';

type Where = NonNullable<NonNullable<Parameters<Db['request']['findMany']>[0]>['where']>;
/** An empty OR is dropped where it stands in an AND; this is not. */
export const noRequests: Where = { id: { in: [] } };

type Answers = { readonly answeringPersonId: string | null; readonly answeringTeamId: string | null };

/** The asker as columns. Errors: forbidden for the system itself, for which nobody answers. */
export function asker(actor: Actor) {
  const answerer = answererOf(actor);
  if (actor.kind === 'system' || answerer === null)
    throw new HostmasterError('forbidden', 'A request needs a person or a team that answers for it.');
  return {
    askerKind: actor.kind,
    askerId: actor.id,
    askerName: actor.name,
    ...(answerer.kind === 'person' ? { answeringPersonId: answerer.id } : { answeringTeamId: answerer.id }),
  };
}

/** Who answers for a request. Errors: internal where its row names nobody, which a check of the database forbids. */
export function answeringOf({ answeringPersonId, answeringTeamId }: Answers): Answering {
  if (answeringPersonId !== null) return { kind: 'person', id: answeringPersonId };
  if (answeringTeamId !== null) return { kind: 'team', id: answeringTeamId };
  throw new HostmasterError('internal', 'Nobody answers for a stored request.');
}

/** Requests that the actor answers for, alone or with their team. */
export function ownRequests(actor: Actor): Where {
  const answerer = answererOf(actor);
  if (answerer === null) return noRequests;
  if (answerer.kind === 'team') return { answeringTeamId: answerer.id };
  return { OR: [{ answeringPersonId: answerer.id }, { answeringTeamId: { in: [...answerer.teamIds] } }] };
}
