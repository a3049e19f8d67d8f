// Times as people read them. Every text here is relative; the exact UTC instant is shown on hover (components/ui/time.tsx).

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A length of time in one unit: "now", "14 s", "3 min", "5 h", "12 d", "4 mo", "2 y". */
export function span(milliseconds: number): string {
  const length = Math.abs(milliseconds);
  if (length < second) return 'now';
  if (length < minute) return `${Math.floor(length / second)} s`;
  if (length < hour) return `${Math.floor(length / minute)} min`;
  if (length < day) return `${Math.floor(length / hour)} h`;
  if (length < 60 * day) return `${Math.floor(length / day)} d`;
  if (length < 730 * day) return `${Math.floor(length / (30.44 * day))} mo`;
  return `${Math.floor(length / (365.25 * day))} y`;
}

/** `at` as seen from `now`: "just now", "3 min ago", "in 12 d". */
export function relative(at: string, now: number): string {
  const difference = new Date(at).getTime() - now;
  if (Math.abs(difference) < second) return 'just now';
  return difference > 0 ? `in ${span(difference)}` : `${span(difference)} ago`;
}

/** RFC 3339 in UTC to the second, as an operator would write it: "2026-11-20 14:02:31 UTC". */
export function exact(at: string): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A day as a date field has it ("2027-03-14"; empty where none is chosen), as the moment at which it ends in UTC. */
export const endOfDay = (day: string): string => (day === '' ? '' : `${day}T23:59:59Z`);

/** The day of a moment, in UTC, as a date field has it. */
export const dayOf = (at: string): string => new Date(at).toISOString().slice(0, 10);

/** "14 Mar 2027", in UTC. */
export function date(at: string): string {
  const value = new Date(at);
  return `${value.getUTCDate()} ${months[value.getUTCMonth()]} ${value.getUTCFullYear()}`;
}

type Period = { readonly notBefore: string; readonly notAfter: string };

/** Of less than ten days, the days do not say enough. */
const saidOf = ({ notBefore, notAfter }: Period) => (Date.parse(notAfter) - Date.parse(notBefore) < 10 * day ? exact : date);

/** From when to when, in days, or to the second. */
export const period = (valid: Period): string => `${saidOf(valid)(valid.notBefore)} to ${saidOf(valid)(valid.notAfter)}`;

/** When it ends, in days, or to the second. */
export const endOf = (valid: Period): string => saidOf(valid)(valid.notAfter);

/** "14 Mar", in UTC: for axes and short notes. */
export function dayAndMonth(at: string): string {
  const value = new Date(at);
  return `${value.getUTCDate()} ${months[value.getUTCMonth()]}`;
}
