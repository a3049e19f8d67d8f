import type { RequestRow } from '@hostmaster/core/contract/request';
import type { MarkState } from '@/components/ui/mark';

export { stageWords } from '@hostmaster/core/request/stage';

export const kindWords = {
  create: 'New name',
  change: 'Change',
  transfer: 'Transfer',
  retire: 'Retirement',
} satisfies Record<RequestRow['kind'], string>;

export const stageMarks = {
  'in-review': 'wait',
  approved: 'wait',
  applying: 'wait',
  live: 'ok',
  degraded: 'bad',
  unseen: 'bad',
  past: 'none',
  retired: 'none',
  rejected: 'bad',
  cancelled: 'none',
  superseded: 'none',
  stale: 'wait',
  failed: 'bad',
} satisfies Record<RequestRow['stage'], MarkState>;
