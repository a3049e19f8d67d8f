import type { ExpiryBoard } from '@hostmaster/core/contract/certificate';
import { day } from '@hostmaster/core/duration';
import { urgencies } from '@hostmaster/core/pki/renewal';
import { authorize } from '@hostmaster/core/policy/authorize';
import { countByUrgency, expiriesByWeek } from '@hostmaster/db/certificate';
import type { Ctx } from '../context.ts';

/** A year, and the week that has begun. */
const weeks = 53;

/** Midnight UTC of the Monday of the week. */
function mondayOf(date: Date): Date {
  const midnight = Math.floor(date.getTime() / day) * day;
  return new Date(midnight - ((new Date(midnight).getUTCDay() + 6) % 7) * day);
}

/** How many certificates in use end in which week, from this one on, and how urgent they are. Errors: forbidden. */
export async function readExpiryBoard(ctx: Ctx): Promise<ExpiryBoard> {
  authorize(ctx.actor, 'certificate.read');
  const now = ctx.clock.now();
  const monday = mondayOf(now);
  const [byWeek, counts] = await Promise.all([expiriesByWeek(ctx.db, monday, weeks), countByUrgency(ctx.db, now)]);
  const found = new Map(byWeek.map(({ week, count }) => [week, count]));
  return {
    weeks: Array.from({ length: weeks }, (_, index) => {
      const week = new Date(monday.getTime() + index * 7 * day).toISOString().slice(0, 10);
      return { week, count: found.get(week) ?? 0 };
    }),
    urgencies: urgencies.map((urgency) => ({ urgency, count: counts.urgencies.get(urgency) ?? 0 })),
    total: counts.total,
    over47Days: counts.over47Days,
    byHand: counts.byHand,
  };
}
