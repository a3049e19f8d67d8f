import { type CertificateRow, urgency } from '@hostmaster/core/contract/certificate';
import { type Urgency, urgencyWindow } from '@hostmaster/core/pki/renewal';
import type { MarkState } from '@/components/ui/mark';

export const isUrgency = (value: string): value is Urgency => urgency.safeParse(value).success;

export const urgencyWords = {
  none: 'In time',
  warning: 'Warning',
  high: 'High',
  urgent: 'Urgent',
  incident: 'Incident',
  outage: 'Outage',
} satisfies Record<Urgency, string>;

/** The days left at which a certificate is that urgent, where it lives `fullLifetimeDays` or longer. */
export function urgencyDays(urgency: Urgency): string {
  const { from, until } = urgencyWindow(urgency);
  if (until === null) return `${from} days or more`;
  return until === 0 ? 'expired' : `under ${until} days`;
}

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
  issued: 'Issued, not yet seen',
  served: 'Served',
  superseded: 'Superseded',
  revoked: 'Revoked',
} satisfies Record<CertificateRow['state'], string>;

export const stateMarks = {
  issued: 'wait',
  served: 'ok',
  superseded: 'none',
  revoked: 'none',
} satisfies Record<CertificateRow['state'], MarkState>;
