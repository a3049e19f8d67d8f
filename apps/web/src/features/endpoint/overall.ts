// What may be said of many endpoints together. "All clear" is an observation: nothing is broken, nothing waits, and somebody
// looked at each lately; else what is so is said.
import type { MarkState } from '@/components/ui/mark';
import { grouped, plural } from '@/lib/format/text';

export type Known = { readonly attention: number; readonly underWay: number; readonly unseen: number; readonly checkedAt: string | null };

const are = (count: number, what: string): string => `${grouped(count)} ${count === 1 ? 'is' : 'are'} ${what}`;

/**
 * The worst that is known first; only the first that holds is said, and the figure of what is broken always.
 * @param looking whether a worker is there to look
 */
export function overallOf(
  { attention, underWay, unseen, checkedAt }: Known,
  looking = true,
): { readonly state: MarkState; readonly text: string } {
  const waits = underWay > 0 ? are(underWay, 'being worked on') : null;
  if (attention > 0) {
    const broken = `${grouped(attention)} ${attention === 1 ? 'needs' : 'need'} attention`;
    return { state: 'bad', text: waits === null ? broken : `${broken}, ${waits}` };
  }
  if (waits !== null) return { state: 'wait', text: waits };
  if (unseen > 0) return { state: 'wait', text: `${plural(unseen, 'endpoint was', 'endpoints were')} not looked at for 20 minutes` };
  if (!looking) return { state: 'wait', text: 'Nothing is known to be broken, and nobody looks' };
  if (checkedAt === null) return { state: 'none', text: 'Nothing was looked at yet' };
  return { state: 'ok', text: 'All clear' };
}
