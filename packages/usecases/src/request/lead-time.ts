import type { Decision } from '@hostmaster/core/contract/decision';
import type { CheckResult } from '@hostmaster/core/contract/request';
import { nobodyWorks, type Workforce } from '@hostmaster/core/operation/workforce';
import { minuteOf } from '@hostmaster/core/said-time';
import type { Reader } from '@hostmaster/db/client';

const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

const lengthOf = (seconds: number): string => (seconds < 90 ? plural(seconds, 'second') : plural(Math.ceil(seconds / 60), 'minute'));

type ZoneReading = { readonly apex: string; readonly syncedAt: Date | null; readonly syncError: string | null };

type Ground = {
  readonly workforce: Workforce;
  readonly zone: ZoneReading | null;
  /** Why nobody signs what is asked for; null where somebody does, or nothing is to be signed. */
  readonly unsigned: string | null;
  /** What the name is called then: of a certificate alone nobody sees whether it lives. */
  readonly called: 'live' | 'issued';
};

/** What holds up whatever is asked for now, with nothing known of its end, as the rest of a sentence; null where nothing does. */
function heldUp({ workforce, zone, unsigned }: Ground): string | null {
  const unseen = nobodyWorks(workforce) ?? unsigned;
  if (unseen !== null) return unseen.replace(/^No\b/, 'no').replace(/\.$/, '');
  // In a zone that was never read nothing is asked for.
  if (zone === null || zone.syncError === null || zone.syncedAt === null) return null;
  return `the last time that ${zone.apex} could be read was ${minuteOf(zone.syncedAt)}`;
}

/** How long people waited lately for the same kind of request, in words; seconds only where no human is needed and nothing holds it up. */
export async function leadTime(db: Reader, outcome: Decision['outcome'], ground: Ground): Promise<CheckResult['leadTime']> {
  if (outcome === 'deny') return { seconds: null, text: 'Not as it stands.' };
  const held = heldUp(ground);
  const unknown = held === null ? null : `How long it takes after the review is not known: ${held}.`;
  if (outcome === 'allow') {
    if (held !== null) return { seconds: null, text: `How long it takes is not known: ${held}.` };
    const [row] = await db.$queryRaw<{ median: number | null; most: number | null }[]>`
      SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY recent.took))::float8 AS median,
             extract(epoch FROM percentile_cont(0.95) WITHIN GROUP (ORDER BY recent.took))::float8 AS most
        FROM (SELECT o.finished_at - r.created_at AS took
                FROM operation o JOIN request r ON r.id = o.request_id
               WHERE o.state = 'succeeded' AND r.review_groups = '{}' AND o.attempts = 1
               ORDER BY o.created_at DESC LIMIT 50) AS recent`;
    const seconds = Math.max(1, Math.ceil(row?.median ?? 2));
    const most = Math.ceil(row?.most ?? seconds);
    const rarely = most > 2 * seconds ? ` One in twenty took longer than ${lengthOf(most)}.` : '';
    return { seconds, text: `Usually ${ground.called} in ${lengthOf(seconds)}.${rarely}` };
  }
  const [row] = await db.$queryRaw<{ hours: number | null }[]>`
    SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY recent.took))::float8 / 3600 AS hours
      FROM (SELECT r.decided_at - r.created_at AS took FROM request r
             WHERE r.decided_at IS NOT NULL AND EXISTS (SELECT 1 FROM review v WHERE v.request_id = r.id)
             ORDER BY r.created_at DESC LIMIT 50) AS recent`;
  if (row?.hours === null || row === undefined)
    return {
      seconds: null,
      text: unknown ?? `${ground.called === 'live' ? 'Live' : 'Issued'} seconds after the review; no review has been timed yet.`,
    };
  const hours = row.hours;
  const text =
    hours < 1
      ? 'within the hour'
      : hours < 24
        ? `within ${plural(Math.ceil(hours), 'hour')}`
        : `within ${plural(Math.ceil(hours / 24), 'day')}`;
  return {
    seconds: null,
    text: unknown === null ? `Reviews lately came ${text}; ${ground.called} seconds after.` : `Reviews lately came ${text}. ${unknown}`,
  };
}
