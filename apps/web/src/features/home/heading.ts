import { grouped, plural } from '@/lib/format/text';

/** What the first page is headed with. "All clear" is for nothing broken at all, whoever would have to mend it. */
export function headingOf(needs: number, attention: number): string {
  if (needs > 0) return needs === 1 ? 'One thing needs you' : `${grouped(needs)} things need you`;
  return attention > 0 ? 'Nothing waits for you' : 'All clear';
}

/** What is broken while nothing of it waits for the reader; null where nothing is. */
export const elsewhere = (attention: number): string | null =>
  attention === 0
    ? null
    : `${plural(attention, 'endpoint needs', 'endpoints need')} attention, and somebody else moves next; each says who.`;
