import { answererOf } from '@hostmaster/core/policy/answerer';
import type { Actor } from '@hostmaster/core/policy/authorize';

/** The person who answers for what the actor does: the person, or the owner of a token. Null where that is a team, or nobody. */
export function personBehind(actor: Actor): string | null {
  const answerer = answererOf(actor);
  return answerer?.kind === 'person' ? answerer.id : null;
}

/** Hostmaster's own hands: workers, sweeps, renewals. */
export const systemActor: Actor = { kind: 'system', id: 'hostmaster', name: 'hostmaster', teams: [], roles: [], scopes: null };
