// What a grant reaches before anybody is given it: other teams' names below its suffix, and whether they lose what they have,
// because of the grants that cover a name those of the most specific suffix alone count (core/policy/rules/grants.ts).
import type { Reader } from './client.ts';
import { literal } from './like.ts';

export type NamesBelow = { readonly team: string; readonly total: number; readonly names: string[]; readonly losing: number };

const mostNames = 3;

/**
 * Names of other teams at the suffix or below it, by team.
 * @param wider the suffixes above it, in whatever order
 */
export function namesBelow(
  db: Reader,
  { suffix, wider, team, now }: { readonly suffix: string; readonly wider: readonly string[]; readonly team: string; readonly now: Date },
): Promise<NamesBelow[]> {
  const below = `%.${literal(suffix)}`;
  return db.$queryRaw<NamesBelow[]>`
    WITH active AS (SELECT suffix, team_id FROM "grant" WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${now}::timestamptz)),
         governing AS (SELECT max(length(suffix)) AS length FROM active WHERE suffix = ANY(${[...wider]}::text[])),
         named AS (
           SELECT DISTINCT t.slug AS team, n.hostname,
                  -- Granted there by a wider suffix until now, and by no narrower one.
                  NOT EXISTS (SELECT 1 FROM active WHERE suffix = ${suffix})
                  AND EXISTS (SELECT 1 FROM active, governing WHERE active.team_id = n.team_id AND suffix = ANY(${[...wider]}::text[]) AND length(suffix) = governing.length)
                  AND NOT EXISTS (SELECT 1 FROM active WHERE suffix LIKE ${below} AND (n.hostname = suffix OR right(n.hostname, length(suffix) + 1) = '.' || suffix)) AS loses
             FROM held_name n JOIN team t ON t.id = n.team_id
            WHERE n.held_back_until IS NULL AND t.slug <> ${team} AND (n.hostname = ${suffix} OR n.hostname LIKE ${below}))
    SELECT team, count(*)::int AS total, (array_agg(hostname ORDER BY hostname))[1:${mostNames}::int] AS names, count(*) FILTER (WHERE loses)::int AS losing
      FROM named GROUP BY team ORDER BY team`;
}
