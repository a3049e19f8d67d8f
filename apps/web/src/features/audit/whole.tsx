import type { auditVerification } from '@hostmaster/core/contract/audit';
import type { z } from 'zod';

export type Verification = z.output<typeof auditVerification>;

/** What is known of a chain that holds, and what is not: newer events that were cut off leave nothing behind in it. */
export const wholeTitle = ({ checked }: Pick<Verification, 'checked'>): string =>
  checked === 0 ? 'No event is there yet.' : `Whole up to event ${checked.toLocaleString('en-US')}.`;

export const wholeText = 'Whether newer events were cut off shows only against a head that was noted before.';

/** What a head that somebody noted says. @param asked the head; empty where none was given */
export function notedText(
  { notedAt, checked }: Pick<Verification, 'notedAt' | 'checked'>,
  asked: string,
): { ok: boolean; text: string } | null {
  if (asked === '') return null;
  if (notedAt === null)
    return { ok: false, text: 'The trail does not lead through the head that you noted: events were cut off or made anew since.' };
  const since = checked - notedAt;
  const more =
    since === 0 ? 'It is the newest one.' : `${since.toLocaleString('en-US')} ${since === 1 ? 'event follows' : 'events follow'} it.`;
  return { ok: true, text: `The head that you noted is event ${notedAt.toLocaleString('en-US')}, and all up to it is as it was. ${more}` };
}
