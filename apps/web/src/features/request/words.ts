import type { RequestRow } from '@hostmaster/core/contract/request';
import type { MarkState } from '@/components/ui/mark';

/** A reviewing group as people call it. */
export function groupWords(group: string): string {
  if (group === 'security-reviewer') return 'security';
  if (group === 'platform-admin') return 'the platform owners';
  return group.replace(/^team:/, '');
}

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
  stale: 'wait',
  failed: 'bad',
} satisfies Record<RequestRow['state'], MarkState>;

export const stateWords = {
  'in-review': 'In review',
  approved: 'Approved, being applied',
  applied: 'Applied',
  rejected: 'Rejected',
  cancelled: 'Cancelled',
  stale: 'The world changed',
  failed: 'Failed',
} satisfies Record<RequestRow['state'], string>;
