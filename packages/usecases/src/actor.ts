import type { Actor } from '@hostmaster/core/policy/authorize';

/** The person who answers for what the actor does: the person, or the owner of a token. Null for the system itself. */
export const personBehind = (actor: Actor): string | null => (actor.kind === 'person' ? actor.id : (actor.ownerId ?? null));

/** Hostmaster's own hands: workers, sweeps, renewals. */
export const systemActor: Actor = { kind: 'system', id: 'hostmaster', name: 'hostmaster', teams: [], roles: [], scopes: null };
