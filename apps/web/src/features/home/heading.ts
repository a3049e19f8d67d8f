import { overallOf } from '@/features/endpoint/overall';
import { grouped, plural } from '@/lib/format/text';
import type { Counts } from './figures-of';

type Known = Omit<Counts, 'reviews'>;

/**
 * What the first page is headed with. "All clear" is for nothing broken and nothing that waits, whoever would have to move next.
 * How many things need the reader may be more than are shown.
 */
export function headingOf({ needs, more }: { needs: number; more: boolean }, counts: Known, checkedAt: string | null): string {
  if (more) return `${grouped(needs)} things and more need you`;
  if (needs > 0) return needs === 1 ? 'One thing needs you' : `${grouped(needs)} things need you`;
  if (elsewhere(counts, checkedAt).length > 0) return 'Nothing waits for you';
  return counts.endpoints === 0 ? 'No names yet' : 'All clear';
}

/** What is broken or waits while nothing of it is the reader's to do, the worst first; a figure that they may not know says nothing. */
export function elsewhere(counts: Known, checkedAt: string | null): string[] {
  const { attention, underWay, unseen, failingZones, endingCertificates, openRequests } = counts;
  const known = { attention: attention ?? 0, underWay: underWay ?? 0, unseen: unseen ?? 0, checkedAt };
  const { state, text } = overallOf(known);
  return [
    ...(known.attention > 0
      ? [`${plural(known.attention, 'endpoint needs', 'endpoints need')} attention; the page of each says who moves next.`]
      : []),
    ...(failingZones ? [`${plural(failingZones, 'zone fails', 'zones fail')}; the page of each says why.`] : []),
    ...(endingCertificates
      ? [
          `${plural(endingCertificates, 'certificate ends', 'certificates end')} soon and ${endingCertificates === 1 ? 'was' : 'were'} not renewed.`,
        ]
      : []),
    ...(known.underWay > 0 ? [`${plural(known.underWay, 'endpoint is', 'endpoints are')} being worked on.`] : []),
    ...(openRequests ? [`${plural(openRequests, 'request is', 'requests are')} open.`] : []),
    ...(known.attention + known.underWay === 0 && state === 'wait' ? [`${text}.`] : []),
  ];
}
