// What the page of an endpoint says of what is wanted of it: by the revision, and by whether the name is leaving.
import type { EndpointDetail, endpointRevision } from '@hostmaster/core/contract/endpoint-view';
import type { z } from 'zod';

type Revision = Pick<z.output<typeof endpointRevision>, 'number' | 'recordSets' | 'takesBack' | 'inForce'>;

/**
 * The revision that the button beside a revision asks for: for the one in force the one before it, for any other itself.
 * Null where there is nothing to go back to: before the first, to where nothing was wanted, and to what was taken back.
 * @param revisions the newest first
 */
export function wayBack(revisions: readonly Revision[], index: number): number | null {
  const revision = revisions[index];
  if (revision === undefined || (revision.inForce && revision.takesBack !== null)) return null;
  const target = revision.inForce ? revisions[index + 1] : revision;
  return target === undefined || target.recordSets.length === 0 ? null : target.number;
}

type Wanted = Pick<EndpointDetail, 'state' | 'takesBack' | 'recordSets'>;

export const isLeaving = (state: EndpointDetail['state']): boolean => state === 'retiring' || state === 'retired';

/** What is said beside the records, and in their place where none are shown. */
export function recordsWords({ state, takesBack, recordSets }: Wanted): { readonly note: string | null; readonly instead: string | null } {
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
