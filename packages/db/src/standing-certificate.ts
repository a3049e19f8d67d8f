// Certificates that somebody could still present for a name which the team that they were issued for holds no more.
import { wildcardBeside } from '@hostmaster/core/hostname/hostname';
import { storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import type { Reader } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { unrevokedSql } from './state-lists.ts';

/**
 * Those that cover one of the names, one row for each such name on them: neither expired nor revoked.
 */
export function standingOver(names: readonly string[], now: Date): Prisma.Sql {
  const covering = [...new Set(names.flatMap((name) => [name, wildcardBeside(storedHostname(name)) ?? name]))];
  return Prisma.sql`
    SELECT c.id, c.endpoint_id, o.team_id, c.not_after, c.revocation_refusal IS NOT NULL AS refused, name
      FROM certificate c JOIN certificate_order o ON o.id = c.order_id CROSS JOIN LATERAL unnest(c.names) name
     WHERE c.names && ${covering}::text[] AND name = ANY(${covering}::text[])
       AND c.state IN ${unrevokedSql} AND c.not_after > ${now}::timestamptz
       AND NOT EXISTS (SELECT 1 FROM held_name h WHERE h.hostname = name AND h.team_id = o.team_id AND h.held_back_until IS NULL)`;
}

/** Ids of those that can be revoked, of other teams and endpoints that cover names which the endpoint holds. */
export async function standingBeside(
  db: Reader,
  { id, teamId }: { readonly id: string; readonly teamId: string },
  names: readonly string[],
  now: Date,
): Promise<string[]> {
  const held = await db.heldName.findMany({ where: { endpointId: id, heldBackUntil: null, hostname: { in: [...names] } } });
  if (held.length === 0) return [];
  const rows = await db.$queryRaw<{ readonly id: string }[]>`
    SELECT DISTINCT s.id
      FROM (${standingOver(
        held.map(({ hostname }) => hostname),
        now,
      )}) s
     WHERE NOT s.refused AND s.team_id <> ${teamId}::uuid AND s.endpoint_id <> ${id}::uuid`;
  return rows.map((row) => row.id);
}
