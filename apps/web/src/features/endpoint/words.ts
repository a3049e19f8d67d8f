import type { EndpointRow } from '@hostmaster/core/contract/endpoint-view';
import { shownState } from '@hostmaster/core/endpoint/broken';
import type { RevisionStanding } from '@hostmaster/core/endpoint/revision-standing';
import { endpointStateWords } from '@hostmaster/core/endpoint/state';
import type { MarkState } from '@/components/ui/mark';

export const stateMarks = {
  live: 'ok',
  pending: 'wait',
  degraded: 'bad',
  retiring: 'wait',
  retired: 'none',
} satisfies Record<EndpointRow['state'], MarkState>;

export { endpointStateWords as stateWords };
/** Of a certificate alone nobody sees whether it lives. */
export const wordOf = ({ certificateOnly, ...row }: Pick<EndpointRow, 'certificateOnly' | 'state' | 'attention' | 'chain'>): string => {
  const shown = shownState(row);
  return shown === 'live' && certificateOnly ? 'Issued' : endpointStateWords[shown];
};

export const standingWords = {
  underway: 'not in the zone yet',
  'in-force': 'in force',
  replaced: 'replaced',
  'taken-back': 'taken back',
  'came-to-nothing': 'came to nothing',
} satisfies Record<RevisionStanding, string>;
