// Times in sentences that people read, in UTC; where a program reads them they are RFC 3339.

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "14 Mar 2027". */
export const dayOf = (time: Date): string => `${time.getUTCDate()} ${months[time.getUTCMonth()] ?? ''} ${time.getUTCFullYear()}`;

/** "2026-11-20 11:03 UTC". */
export const minuteOf = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** "2026-11-20 11:03:27 UTC", as evidence. */
export const secondOf = (time: Date): string => `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
