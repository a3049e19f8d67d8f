import type { RequestRow } from '@hostmaster/core/contract/request';
import type { MarkState } from '@/components/ui/mark';

export const kindWords = {
  create: 'New name',
  change: 'Change',
  transfer: 'Transfer',
  retire: 'Retirement',
} satisfies Record<RequestRow['kind'], string>;

export const stateMarks = {
  'in-review': 'wait',
  approved: 'wait',
  applied: 'ok',
  rejected: 'bad',
  cancelled: 'none',
  superseded: 'none',
  stale: 'wait',
  failed: 'bad',
} satisfies Record<RequestRow['state'], MarkState>;

export const stateWords = {
  'in-review': 'In review',
  approved: 'Approved, being applied',
  applied: 'Applied',
  rejected: 'Rejected',
  cancelled: 'Cancelled',
  superseded: 'Superseded',
  stale: 'The world changed',
  failed: 'Failed',
} satisfies Record<RequestRow['state'], string>;
