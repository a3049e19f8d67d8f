import { grouped, plural } from '@/lib/format/text';

/**
 * What the first page is headed with. "All clear" is for nothing broken at all, whoever would have to mend it.
 * @param endpoints how many there are; null where the reader may not know
 */
export function headingOf(needs: number, attention: number, endpoints: number | null): string {
  if (needs > 0) return needs === 1 ? 'One thing needs you' : `${grouped(needs)} things need you`;
  if (attention > 0) return 'Nothing waits for you';
  return endpoints === 0 ? 'No names yet' : 'All clear';
}

/** What is broken while nothing of it waits for the reader; null where nothing is. */
export const elsewhere = (attention: number): string | null =>
  attention === 0
    ? null
    : `${plural(attention, 'endpoint needs', 'endpoints need')} attention, and somebody else moves next; each says who.`;
