// Times in sentences that people read, in UTC; where a program reads them they are RFC 3339.

import { day, hour, minute } from './duration.ts';

const units = [
  { length: day, word: 'day' },
  { length: hour, word: 'hour' },
  { length: minute, word: 'minute' },
] as const;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "14 Mar 2027". */
export const dayOf = (time: Date): string => `${time.getUTCDate()} ${months[time.getUTCMonth()] ?? ''} ${time.getUTCFullYear()}`;

/** "2026-11-20 11:03 UTC". */
export const minuteOf = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A length of time in its largest unit, rounded down: "3 days", "5 hours", "20 minutes"; "less than a minute" below that. */
export function spanOf(milliseconds: number): string {
  const found = units.find(({ length }) => milliseconds >= length);
  if (found === undefined) return 'less than a minute';
  const count = Math.floor(milliseconds / found.length);
  return `${count} ${found.word}${count === 1 ? '' : 's'}`;
}

/** "2026-11-20 11:03:27 UTC", as evidence. */
export const secondOf = (time: Date): string => `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
