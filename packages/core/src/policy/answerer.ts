// Every request has somebody who answers for it, whoever or whatever asked: four eyes are two who do not answer for it together.
import type { Actor } from './authorize.ts';

/** Who asks: a person, or a service (a token, a controller, a webhook, an ACME account). The system itself asks for nothing. */
export const askerKinds = ['person', 'service'] as const;

/** Who answers for what an actor does. */
export type Answerer =
  | {
      readonly kind: 'person';
      readonly id: string;
      /** Every team of theirs, whichever of them the credential at hand speaks for. */
      readonly teamIds: readonly string[];
    }
  | { readonly kind: 'team'; readonly id: string };

/** The same as a request keeps it. */
export type Answering = { readonly kind: Answerer['kind']; readonly id: string };

/** A person answers for themselves; nobody answers for the system. */
export function answererOf(actor: Actor): Answerer | null {
  if (actor.kind === 'service') return actor.answerer;
  return actor.kind === 'person' ? { kind: 'person', id: actor.id, teamIds: actor.teams.map(({ id }) => id) } : null;
}

/** Whether somebody is the one who answers, or of the team that does. */
export function answersFor(who: Answerer | null, asked: Answering): boolean {
  if (who === null) return false;
  if (who.kind === asked.kind) return who.id === asked.id;
  return who.kind === 'person' && who.teamIds.includes(asked.id);
}
