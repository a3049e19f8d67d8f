import { reviewGroup } from '@hostmaster/core/contract/governance';
import type { RequestRow } from '@hostmaster/core/contract/request';
import type { z } from 'zod';
import type { MarkState } from '@/components/ui/mark';
import { optionsOf } from '@/lib/options';

const [organisationGroup] = reviewGroup.options;
const organisationGroupWords = {
  'security-reviewer': 'security',
  'platform-admin': 'the platform owners',
} satisfies Record<z.output<typeof organisationGroup>, string>;

/** The groups that there are in every organisation; a team can review too. */
export const groupOptions = optionsOf(organisationGroup.options, organisationGroupWords);

/** A reviewing group as people call it. */
export function groupWords(group: string): string {
  const known = organisationGroup.safeParse(group);
  return known.success ? organisationGroupWords[known.data] : group.replace(/^team:/, '');
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
