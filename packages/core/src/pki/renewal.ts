import { day } from '../duration.ts';
import { dayOf, minuteOf, spanOf } from '../said-time.ts';

export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

/** How pressing a renewal that has not happened is, mildest first. */
export const urgencies = ['none', 'warning', 'high', 'urgent', 'incident', 'outage'] as const;
export type Urgency = (typeof urgencies)[number];

/** From this urgency on a certificate is shown on the first page: its renewal is well overdue. */
export const endingFrom = 'high' satisfies Urgency;

/** Days left below which each urgency begins, for a lifetime of 90 days or more. */
const thresholds = [
  { urgency: 'incident', days: 3 },
  { urgency: 'urgent', days: 7 },
  { urgency: 'high', days: 14 },
  { urgency: 'warning', days: 30 },
] as const;

/** Lifetimes below this many days scale the thresholds down. */
export const fullLifetimeDays = 90;
const shortLifetimeDays = 10;

const lifetime = ({ notBefore, notAfter }: Validity): number => notAfter.getTime() - notBefore.getTime() + 1000;

/** How much of a lifetime is left when its renewal is due, both in milliseconds: a third, or half of it where that is under ten days. */
export const leftAtRenewal = (whole: number): number => (whole < shortLifetimeDays * day ? whole / 2 : whole / 3);

/** When a certificate is to be renewed. */
export function renewalDueAt(validity: Validity): Date {
  return new Date(validity.notAfter.getTime() - leftAtRenewal(lifetime(validity)));
}

/**
 * When the next one is asked for of a team that brings its certificates: as soon as the end of this one is pressing. They are bought, so
 * that a third of a year is too early.
 */
export function broughtDueAt(validity: Validity): Date {
  const left = Math.min(leftAtRenewal(lifetime(validity)), (urgencyWindow('warning').until ?? 0) * day);
  return new Date(validity.notAfter.getTime() - left);
}

export function isRenewalDue(validity: Validity, now: Date): boolean {
  return now >= renewalDueAt(validity);
}

/** When it ends, as sentences have it: of one of some days the day does not say enough. */
export const endOf = (validity: Validity): string =>
  lifetime(validity) < shortLifetimeDays * day ? minuteOf(validity.notAfter) : dayOf(validity.notAfter);

/** How long it is still valid, as sentences have it: "3 days", "5 hours", "20 minutes". */
export const leftInWords = ({ notAfter }: Validity, now: Date): string => spanOf(notAfter.getTime() - now.getTime());

/** Whole days left, rounded down; negative once it has expired. */
export function daysLeft({ notAfter }: Validity, now: Date): number {
  return Math.floor((notAfter.getTime() - now.getTime()) / day);
}

/**
 * The urgency of a served certificate. Under 30, 14, 7, 3 days left it is a warning, high, urgent, an incident; past
 * notAfter an outage. For lifetimes under 90 days the thresholds shrink in proportion, so that the first one never
 * comes before the regular renewal is due.
 */
export function urgencyOf(validity: Validity, now: Date): Urgency {
  return urgencyAt(validity, now, Math.min(1, lifetime(validity) / (fullLifetimeDays * day)));
}

/** The urgency of a CA that has no successor: as of a certificate, but that its warning begins this many days before its end. */
export function authorityUrgencyOf(validity: Validity, now: Date, warningDays: number): Urgency {
  return urgencyAt(validity, now, warningDays / (urgencyWindow('warning').until ?? 1));
}

function urgencyAt({ notAfter }: Validity, now: Date, scale: number): Urgency {
  const left = notAfter.getTime() - now.getTime();
  if (left < 0) return 'outage';
  return thresholds.find(({ days }) => left < days * day * scale)?.urgency ?? 'none';
}

/** The days left, scaled to a lifetime of `fullLifetimeDays` or more, within which `urgencyOf` answers this urgency: from ≤ days < until; for filters and counts in SQL. */
export function urgencyWindow(urgency: Urgency): { readonly from: number | null; readonly until: number | null } {
  if (urgency === 'outage') return { from: null, until: 0 };
  const at = thresholds.findIndex((threshold) => threshold.urgency === urgency);
  if (at < 0) return { from: thresholds.at(-1)?.days ?? 0, until: null };
  return { from: thresholds[at - 1]?.days ?? 0, until: thresholds[at]?.days ?? null };
}
