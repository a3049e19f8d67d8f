// From where the published roots were fetched. Whoever fetches is nobody here, so all of it is bounded.
import { mostFetches } from '@hostmaster/core/pki/bundle';
import type { Reader } from './client.ts';

/** The same address is written anew at most so often. */
const writtenEverySeconds = 60;

/** Notes that a bundle was fetched; an address that fetches often is written once a minute, and beyond the most rows nothing is. */
export async function noteFetch(db: Reader, address: string, fingerprint: string, now: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO bundle_fetch (address, fingerprint, first_seen_at, last_seen_at)
      SELECT ${address}, ${fingerprint}, ${now}, ${now}
       WHERE EXISTS (SELECT 1 FROM bundle_fetch WHERE address = ${address} AND fingerprint = ${fingerprint})
          OR (SELECT count(*) FROM (SELECT 1 FROM bundle_fetch LIMIT ${mostFetches}) AS noted) < ${mostFetches}
    ON CONFLICT (address, fingerprint) DO UPDATE SET last_seen_at = excluded.last_seen_at
      WHERE bundle_fetch.last_seen_at < excluded.last_seen_at - make_interval(secs => ${writtenEverySeconds})`;
}

export type Fetched = {
  readonly address: string;
  readonly newest: boolean;
  readonly fingerprint: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
};
/** Where a page ended. */
type After = { readonly newest: boolean; readonly address: string };

/**
 * A row for each address: the newest bundle where it has fetched that, else what it fetched last. Those without the newest come first.
 * @param fingerprint of the newest
 */
export const fetchesByAddress = (db: Reader, fingerprint: string, after: After | null, limit: number): Promise<Fetched[]> =>
  db.$queryRaw`
    SELECT * FROM (
      SELECT DISTINCT ON (address) address, fingerprint = ${fingerprint} AS newest, fingerprint,
             first_seen_at AS "firstSeenAt", last_seen_at AS "lastSeenAt"
        FROM bundle_fetch ORDER BY address, fingerprint = ${fingerprint} DESC, last_seen_at DESC) AS each
     WHERE ${after === null} OR (newest, address) > (${after?.newest ?? false}, ${after?.address ?? ''})
     ORDER BY newest, address LIMIT ${limit}`;

export async function countFetchers(db: Reader): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`SELECT count(DISTINCT address)::int AS count FROM bundle_fetch`;
  return row?.count ?? 0;
}
