import type { EndpointRow } from '@hostmaster/core/contract/endpoint-view';
import type { RevisionStanding } from '@hostmaster/core/endpoint/revision-standing';
import type { MarkState } from '@/components/ui/mark';

export const stateMarks = {
  live: 'ok',
  pending: 'wait',
  degraded: 'bad',
  retiring: 'wait',
  retired: 'none',
} satisfies Record<EndpointRow['state'], MarkState>;

export { endpointStateWords as stateWords } from '@hostmaster/core/endpoint/state';

export const standingWords = {
  underway: 'not in the zone yet',
  'in-force': 'in force',
  replaced: 'replaced',
  'taken-back': 'taken back',
  'came-to-nothing': 'came to nothing',
} satisfies Record<RevisionStanding, string>;
