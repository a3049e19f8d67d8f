// Where a target given by name leads in the end (core/policy/ground.ts), as one statement.
import { Prisma } from './generated/prisma/client.ts';
import type { GroundKeys } from './policy-ground.ts';
import { unretiredSql } from './state-lists.ts';

type Keys = Pick<GroundKeys, 'target' | 'cluster' | 'names' | 'view'>;

/** CNAMEs that are followed: resolvers give up no later. */
const mostHops = 16;

/** The most specific zone of the view that holds `way.name`. */
const zoneOf = (of: string): Prisma.Sql => Prisma.sql`
  SELECT z.id FROM zone z
   WHERE z.view::text = ${of} AND z.given_up_at IS NULL
     AND z.apex = ANY(ARRAY(SELECT array_to_string(labels[at:], '.')
                              FROM (SELECT string_to_array(way.name, '.') AS labels) split, generate_subscripts(labels, 1) AS at))
   ORDER BY length(z.apex) DESC LIMIT 1`;

/** Where `way.name` leads by a CNAME, its own or that of the wildcard beside it; NULL where it does not. */
const cnameAt = (of: string, others: Prisma.Sql): Prisma.Sql => Prisma.sql`
  (SELECT CASE WHEN wanted.sets IS NULL
            THEN (SELECT lower(s."values"[1]) FROM (${zoneOf(of)}) z JOIN zone_record_set s ON s.zone_id = z.id
                   WHERE s.type = 'CNAME'
                     AND (s.name = (way.name COLLATE "C")
                       OR (s.name = ('*' || substr(way.name, strpos(way.name, '.')) COLLATE "C")
                           AND NOT EXISTS (SELECT 1 FROM zone_record_set o WHERE o.zone_id = z.id AND o.name = (way.name COLLATE "C"))))
                   ORDER BY s.name = (way.name COLLATE "C") DESC LIMIT 1)
            ELSE (SELECT w -> 'values' ->> 0 FROM jsonb_array_elements(wanted.sets) w WHERE w ->> 'type' = 'CNAME' LIMIT 1) END
     FROM (SELECT (SELECT r.record_sets FROM endpoint e JOIN endpoint_revision r ON r.endpoint_id = e.id AND r.number = e.revision
                    WHERE e.hostname = way.name AND e.view::text = ${of} AND e.state IN ${unretiredSql} AND ${others}
                    LIMIT 1) AS sets) wanted)`;

/** Whether anything stands at `way.name`, or below it, where that is one label below what the wildcard is below: it may read a zone whole. */
function standsBeside(wildcard: string, of: string, others: Prisma.Sql): Prisma.Sql {
  const below = (name: string) => Prisma.sql`right(${Prisma.raw(name)}, length(way.name) + 1) = ('.' || way.name COLLATE "C")`;
  const stored = (where: Prisma.Sql) =>
    Prisma.sql`EXISTS (SELECT 1 FROM (${zoneOf(of)}) z JOIN zone_record_set s ON s.zone_id = z.id WHERE ${where})`;
  return Prisma.sql`(substr(way.name, strpos(way.name, '.')) <> ${wildcard.slice(1)}
    OR EXISTS (SELECT 1 FROM held_name h JOIN endpoint e ON e.id = h.endpoint_id
                WHERE e.view::text = ${of} AND h.held_back_until IS NULL AND ${others}
                  AND (h.hostname = way.name OR ${below('h.hostname')}))
    OR ${stored(Prisma.sql`s.name = (way.name COLLATE "C")`)}
    OR ${stored(below('s.name'))})`;
}

/**
 * One row, or none where the target is no name. A name that an approved endpoint has leads where that wants it to; every other one where
 * the most specific zone that holds it says. OFFSET 0: a hop is looked for once, and not wherever it is named.
 * @param others which endpoints count, said of `e`
 */
export const targetPathSql = ({ target, cluster, names: [first = ''], view: of }: Keys, others: Prisma.Sql): Prisma.Sql => Prisma.sql`
    WITH RECURSIVE way(names, name, circle) AS (
      SELECT ARRAY[start.name], start.name, false
        FROM (SELECT coalesce(${target}::text, (SELECT c.hostname FROM cluster c WHERE c.slug = ${cluster})) AS name) start
       WHERE start.name IS NOT NULL
       UNION ALL
      SELECT way.names || hop.name, hop.name, hop.name = ANY(way.names)
        FROM way
        JOIN LATERAL (SELECT ${cnameAt(of, others)} AS name OFFSET 0) hop ON hop.name IS NOT NULL
       WHERE NOT way.circle AND cardinality(way.names) < ${mostHops}::int)
    SELECT way.names, ${first.startsWith('*.') ? standsBeside(first, of, others) : Prisma.sql`true`} AS stands
      FROM way
     ORDER BY cardinality(way.names) DESC LIMIT 1`;
