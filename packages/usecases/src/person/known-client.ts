// From where a person has signed in before, kept beside the counters as one more row of theirs.
import type { Ctx } from '../context.ts';

/** Rows with this beginning outlive the counters (sweep/purge-expired.ts). */
export const knownClientPrefix = 'sign-in:known:';
/** After as many days without a sign-in from there a client is a stranger again. */
export const knownClientDays = 90;

const keyOf = (account: string, client: string): string => `${knownClientPrefix}${account}:${client}`;

export async function isKnownClient({ db }: Pick<Ctx, 'db'>, account: string, client: string): Promise<boolean> {
  return (await db.rateLimit.count({ where: { key: keyOf(account, client) } })) > 0;
}

/** Notes that the right password came from there. */
export async function rememberClient({ db, clock }: Pick<Ctx, 'db' | 'clock'>, account: string, client: string): Promise<void> {
  const key = keyOf(account, client);
  const windowStart = clock.now();
  await db.rateLimit.upsert({ where: { key }, create: { key, windowStart, count: 1 }, update: { windowStart } });
}
