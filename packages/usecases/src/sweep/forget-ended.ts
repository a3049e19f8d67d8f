import { day } from '@hostmaster/core/duration';
import { shortLivedDays } from '@hostmaster/core/pki/lifetime';
import { forgetEnded } from '@hostmaster/db/ended-certificate';
import { transact } from '@hostmaster/db/transaction';
import { forgetVain } from '@hostmaster/db/vain-order';
import type { Ctx } from '../context.ts';

/** So long somebody may want to know which one was served when something broke. */
export const endedKeptDays = 7;

/**
 * Forgets short-lived certificates a week after their end, with what was needed to get them: one of an hour takes another's place fifty times
 * a day. That each was issued stays in the audit trail. @returns how many
 */
export const forgetEndedCertificates = ({ db, clock }: Pick<Ctx, 'db' | 'clock'>, limit: number): Promise<number> =>
  transact(db, (tx) => forgetEnded(tx, { before: new Date(clock.now().getTime() - endedKeptDays * day), days: shortLivedDays, limit }));

/** So long somebody may ask why a name got no certificate; no limit of a CA counts for longer than a week. */
export const vainKeptDays = 30;

/** Forgets orders that came to nothing. @returns how many */
export const forgetVainOrders = ({ db, clock }: Pick<Ctx, 'db' | 'clock'>, limit: number): Promise<number> =>
  transact(db, (tx) => forgetVain(tx, { before: new Date(clock.now().getTime() - vainKeptDays * day), limit }));
