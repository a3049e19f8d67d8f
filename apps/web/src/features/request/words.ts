import type { RequestRow } from '@hostmaster/core/contract/request';
import type { MarkState } from '@/components/ui/mark';

export { requestKindWords as kindWords } from '@hostmaster/core/request/kind';
export { stageWords } from '@hostmaster/core/request/stage';

export const stageMarks = {
  'in-review': 'wait',
  approved: 'wait',
  applying: 'wait',
  live: 'ok',
  issued: 'ok',
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
