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

/** It ends, or has ended, within a day of now: whole days say too little of it. */
export const isNear = (daysLeft: number): boolean => daysLeft === 0 || daysLeft === -1;

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
  served: 'Seen on the wire',
  superseded: 'Superseded',
  revoked: 'Revoked',
} satisfies Record<CertificateRow['state'], string>;

const stateMarks = {
  issued: 'wait',
  served: 'ok',
  superseded: 'none',
  revoked: 'none',
} satisfies Record<CertificateRow['state'], MarkState>;

/** What is known of a certificate on the wire: that it was seen once says nothing of now. */
export function wireOf({ state, seen, certificateOnly }: Pick<CertificateRow, 'state' | 'seen' | 'certificateOnly'>): {
  readonly mark: MarkState;
  readonly text: string;
} {
  if (state === 'issued' && certificateOnly) return { mark: 'ok', text: 'Issued' };
  if (state !== 'served') return { mark: stateMarks[state], text: stateWords[state] };
  if (seen === null) return { mark: 'none', text: 'Seen before, not looked for since' };
  return seen.ok ? { mark: 'ok', text: 'Seen on the wire' } : { mark: 'bad', text: 'Not seen on the wire' };
}
