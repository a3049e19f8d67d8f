// Who is served when. Work goes through two lanes, each with slots of its own in every worker, so that DNS and issuing never
// wait for a probe; within a lane teams are served in turn, and no team and nothing that is tried again takes every slot. The
// rows decide all of it (db/next-due.ts): the queue only wakes a slot.
import type { AnyStep, OperationPurpose } from './purpose.ts';

export const lanes = ['work', 'probes'] as const;
export type Lane = (typeof lanes)[number];
/** In which every try begins. */
export const firstLane: Lane = 'work';

/** What waits there, as the rest of a sentence. */
export const laneWords: Readonly<Record<Lane, string>> = {
  work: 'DNS and certificate work',
  probes: 'probes',
};

/**
 * Steps that connect to where a name leads, and what is done once it was seen there: whoever runs that server decides how long they
 * take. Of any work they are the last.
 */
const probing: readonly AnyStep[] = ['certificate-served', 'certificate-revoked', 'reachable'];

export const laneOf = (step: AnyStep): Lane => (probing.includes(step) ? 'probes' : 'work');

/**
 * Of a worker's slots in a lane, how many one team may have at once, and how many may be at what was tried before: the rest is
 * there at once for others, and for first attempts. Half keeps a processor as busy as all of them do.
 */
export const sharesOf = (slots: number): { readonly team: number; readonly again: number } => ({
  team: Math.max(1, Math.floor(slots / 2)),
  again: Math.max(1, Math.floor((slots * 3) / 4)),
});

/** Places in the line of a team, the first served first: at the first attempt, and at every later one. */
type Places = { readonly first: number; readonly again: number };

const asked: Places = { first: 1, again: 4 };
const looks: Places = { first: 3, again: 5 };

/** First attempts before what is tried again, and renewals, which nobody waits for and everybody needs, before any look. */
export const placesOf: Readonly<Record<OperationPurpose, Places>> = {
  revision: asked,
  reversal: asked,
  cancellation: asked,
  retirement: asked,
  revocation: asked,
  import: asked,
  test: asked,
  ceremony: asked,
  rollover: asked,
  export: asked,
  renewal: { first: 1, again: 2 },
  look: looks,
  read: looks,
};
/** A look at a live endpoint that nobody asked for. */
export const checkPlace = 6;
