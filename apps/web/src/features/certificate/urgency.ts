import { type CertificateRow, urgency } from '@hostmaster/core/contract/certificate';
import type { Urgency } from '@hostmaster/core/pki/renewal';
import type { MarkState } from '@/components/ui/mark';

export const isUrgency = (value: string): value is Urgency => urgency.safeParse(value).success;

/** The thresholds as people know them: days left, and what each is called. */
export const urgencyWords = {
  none: { name: 'In time', when: 'over 30 days' },
  warning: { name: 'Warning', when: 'under 30 days' },
  high: { name: 'High', when: 'under 14 days' },
  urgent: { name: 'Urgent', when: 'under 7 days' },
  incident: { name: 'Incident', when: 'under 3 days' },
  outage: { name: 'Outage', when: 'expired' },
} satisfies Record<Urgency, { name: string; when: string }>;

export const urgencyMarks = {
  none: 'ok',
  warning: 'wait',
  high: 'wait',
  urgent: 'bad',
  incident: 'bad',
  outage: 'bad',
} satisfies Record<Urgency, MarkState>;

export const urgencyInk = {
  none: 'text-ink-3',
  warning: 'text-wait',
  high: 'text-wait',
  urgent: 'text-bad',
  incident: 'text-bad',
  outage: 'text-bad',
} satisfies Record<Urgency, string>;

export const stateWords = {
  ordered: 'Ordered',
  issued: 'Issued, not yet seen',
  served: 'Served',
  superseded: 'Superseded',
  revoked: 'Revoked',
  failed: 'Failed',
} satisfies Record<CertificateRow['state'], string>;

export const stateMarks = {
  ordered: 'wait',
  issued: 'wait',
  served: 'ok',
  superseded: 'none',
  revoked: 'none',
  failed: 'bad',
} satisfies Record<CertificateRow['state'], MarkState>;
