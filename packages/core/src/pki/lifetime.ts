// How long certificates are valid, as a contract says it: in days or, for less than a few of them, in hours. Inside it is hours.
import { day, hour } from '../duration.ts';

/**
 * What is asked for is at least this. A renewal is due at half of it: by then the sweep, every two seconds, has begun one within moments, and
 * half an hour is six of the longest pauses between tries (operation/backoff.ts).
 */
export const leastHours = 1;
/** More is said in days. */
export const mostHours = 240;
/** What systems that trust a private root take at most; longer ones are refused by them. */
export const mostDays = 825;
/** A certificate for longer is looked at by security before, and is signed by a CA of ours alone. */
export const unreviewedDays = 90;

/** A certificate of no more is not worth a row for long once it has ended: many take each other's place. */
export const shortLivedDays = 7;

const hoursOfDay = day / hour;

type Wanted = { readonly days?: number | undefined; readonly hours?: number | undefined };

/** How long a contract asks for, in hours; null where it leaves that to its source. */
export const hoursAskedFor = ({ days, hours }: Wanted): number | null => hours ?? (days === undefined ? null : days * hoursOfDay);

/** The same as a plan says it, in whole days where it is such. */
export const asDaysOrHours = (hours: number): { readonly days: number } | { readonly days: null; readonly hours: number } =>
  hours % hoursOfDay === 0 ? { days: hours / hoursOfDay } : { days: null, hours };

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** "7 days", "36 hours". */
export const hoursInWords = (hours: number): string =>
  hours % hoursOfDay === 0 ? counted(hours / hoursOfDay, 'day') : counted(hours, 'hour');
