// What the page of an endpoint says of what is wanted of it: by the revision, and by whether the name is leaving.
import type { EndpointDetail, endpointRevision } from '@hostmaster/core/contract/endpoint-view';
import { isLeaving } from '@hostmaster/core/endpoint/state';
import type { z } from 'zod';

type Revision = Pick<z.output<typeof endpointRevision>, 'number' | 'retires' | 'takesBack' | 'standing'>;

/**
 * The revision that the button beside a revision asks for: for the newest that counts the one before it, for one that was
 * replaced itself. Null where there is nothing to go back to: before the first, to where nothing was wanted, and to what
 * was taken back or came to nothing.
 * @param revisions the newest first
 */
export function wayBack(revisions: readonly Revision[], index: number): number | null {
  const revision = revisions[index];
  if (revision === undefined) return null;
  const target = revision.standing === 'replaced' ? revision : isNewestThatCounts(revisions, revision) ? before(revisions, index) : null;
  return target === null || target.retires ? null : target.number;
}

const counting: readonly Revision['standing'][] = ['underway', 'in-force'];
const isNewestThatCounts = (revisions: readonly Revision[], revision: Revision): boolean =>
  !revision.takesBack && revisions.find(({ standing }) => counting.includes(standing)) === revision;
const before = (revisions: readonly Revision[], index: number): Revision | null =>
  revisions.slice(index + 1).find(({ standing }) => standing === 'in-force' || standing === 'replaced') ?? null;

type Wanted = Pick<EndpointDetail, 'state' | 'takesBack' | 'recordSets' | 'certificateOnly'>;

/** What is said beside the records, and in their place where none are shown. */
export function recordsWords({ state, takesBack, recordSets, certificateOnly }: Wanted): {
  readonly note: string | null;
  readonly instead: string | null;
} {
  if (certificateOnly) return { note: null, instead: 'A certificate alone: what stands at the name is not Hostmaster’s.' };
  if (state === 'retired') {
    // A name whose records were sent retires by a revision that wants none.
    const instead =
      recordSets.length > 0
        ? 'None was written before the request was given up.'
        : takesBack === null
          ? 'What Hostmaster put there was removed when the name was retired.'
          : `What request #${takesBack.number} had written was taken back.`;
    return { note: null, instead };
  }
  if (recordSets.length > 0)
    return { note: takesBack === null ? 'as the approved contract wants them' : `as before request #${takesBack.number}`, instead: null };
  return { note: null, instead: isLeaving(state) ? 'What Hostmaster put there is being removed.' : 'This contract has no records.' };
}

/** Where the contract that is shown comes from. */
export const contractWords = ({ revision, takesBack }: Pick<EndpointDetail, 'revision' | 'takesBack'>): string =>
  takesBack === null ? `revision ${revision}, as approved` : `revision ${revision}, which takes back request #${takesBack.number}`;
