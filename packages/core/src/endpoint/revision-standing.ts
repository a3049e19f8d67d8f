// How a revision of an endpoint stands among the others: by what was read back from the primary, not by what was approved.

export const revisionStandings = ['underway', 'in-force', 'replaced', 'taken-back', 'came-to-nothing'] as const;
/**
 * It should be true, and its records were not read back yet; its records were the last to be read back; others were since;
 * others were since, because its request came to nothing; nobody wants it any more, and its records were never read back.
 */
export type RevisionStanding = (typeof revisionStandings)[number];

type Revision = { readonly number: number; readonly requestId: string; readonly appliedAt: Date | null };

/** Whether a revision takes back what an earlier one of the same request began. */
export const takesBack = <R extends Pick<Revision, 'number' | 'requestId'>>({ number, requestId }: R, revisions: readonly R[]): boolean =>
  revisions.some((other) => other.requestId === requestId && other.number < number);

/** What was in the zone, in force or before. */
const wasThere: readonly RevisionStanding[] = ['in-force', 'replaced', 'taken-back'];

/**
 * The revision that one is held against: the last before it that was in the zone; null where there is none.
 * @param standings those of `revisions`, which are the newest first
 */
export const heldAgainst = <R>(revisions: readonly R[], standings: readonly RevisionStanding[], index: number): R | null =>
  revisions.find((_, at) => at > index && wasThere.includes(standings[at] ?? 'came-to-nothing')) ?? null;

/**
 * The standing of each, in the order given.
 * @param revisions the newest first, and none left out among them
 * @param wanted the number of the one that should be true; null where none is
 */
export function standingsOf(revisions: readonly Revision[], wanted: number | null): RevisionStanding[] {
  const inForce = revisions.find(({ appliedAt }) => appliedAt !== null)?.number;
  return revisions.map(({ number, requestId, appliedAt }) => {
    if (number === inForce) return 'in-force';
    if (appliedAt === null) return number === wanted ? 'underway' : 'came-to-nothing';
    return revisions.some((other) => other.requestId === requestId && other.number > number) ? 'taken-back' : 'replaced';
  });
}
