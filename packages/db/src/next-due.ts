// Which of what is due is taken up next: the one place that knows the order. It reads Postgres alone, so that a queue which is
// emptied, doubled or slow changes nothing about who is served when.
import { checkPlace, type Lane, placesOf } from '@hostmaster/core/operation/lane';
import type { Reader } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { isDue } from './operation.ts';
import { unfinishedSql, watchedSql } from './state-lists.ts';

export type Due = {
  readonly kind: 'operation' | 'check';
  /** Of the operation, or of the endpoint that is to be looked at. */
  readonly id: string;
  /** In whose share it is done; null where what it was about is gone. */
  readonly teamId: string | null;
  /** It was tried before, or nobody waits for it. */
  readonly again: boolean;
};

/** What a worker is at in a lane, and what it takes up on top of that. */
export type Room = {
  /** How many of each team are under way. */
  readonly held: ReadonlyMap<string | null, number>;
  /** How many of one team may be. */
  readonly share: number;
  /** Nothing that was tried before is taken up now. */
  readonly onlyFirst: boolean;
};

/** The place in the line of a team. Written out, since it is the same for every row and in every call. */
const place = Prisma.raw(
  `CASE o.purpose::text ${Object.entries(placesOf)
    .map(([purpose, { first, again }]) => `WHEN '${purpose}' THEN CASE WHEN o.attempts = 0 THEN ${first} ELSE ${again} END`)
    .join(' ')} END`,
);

/**
 * What is due in a lane and held by nobody: first of the team that has the fewest under way here, then by its place in the line
 * (core/operation/lane.ts), then what has been due for longest. Null where nothing is, or all of it is of teams at their share.
 */
export async function nextDue(db: Reader, lane: Lane, { held, share, onlyFirst }: Room): Promise<Due | null> {
  const full = [...held].flatMap(([team, count]) => (count >= share ? [team] : []));
  const teams = [...held.keys()];
  const operations = Prisma.sql`
    SELECT 'operation' AS kind, o.id, o.team_id AS "teamId", o.attempts > 0 AS again, coalesce(held.count, 0) AS held,
           ${place} AS place, greatest(o.created_at, o.next_attempt_at) AS due
      FROM operation o LEFT JOIN held ON held.team IS NOT DISTINCT FROM o.team_id
     WHERE o.lane = ${lane}::operation_lane AND o.state IN ${unfinishedSql} AND ${isDue} AND coalesce(held.count, 0) < ${share}
       AND (o.attempts = 0 OR NOT ${onlyFirst})`;
  // The oldest of each team, by its index: there may be very many, and all of one team.
  const checks = Prisma.sql`
    SELECT 'check', e.id, t.id, true, coalesce(held.count, 0), ${checkPlace}::int, e.next_check_at
      FROM team t LEFT JOIN held ON held.team = t.id
      CROSS JOIN LATERAL (SELECT id, next_check_at FROM endpoint
                           WHERE team_id = t.id AND ${isCheckDue} ORDER BY next_check_at LIMIT 1) e
     WHERE t.id <> ALL (${full.filter((team) => team !== null)}::uuid[])`;
  const all = lane === 'work' || onlyFirst ? operations : Prisma.sql`${operations} UNION ALL ${checks}`;
  const [row] = await db.$queryRaw<Due[]>`
    WITH held AS (SELECT * FROM unnest(${teams}::uuid[], ${teams.map((team) => held.get(team) ?? 0)}::int[]) AS held(team, count))
    SELECT kind, id, "teamId", again FROM (${all}) AS due ORDER BY held, place, due, id LIMIT 1`;
  return row ?? null;
}

const isCheckDue = Prisma.sql`state IN ${watchedSql} AND next_check_at <= now()`;

/** Seconds between two looks at a live endpoint that nobody asks for. */
const checkEverySeconds = 60;

/** Takes the look at an endpoint that is due, and sets when the one after is. @returns whether it was there to be taken */
export async function takeCheck(db: Reader, endpointId: string): Promise<boolean> {
  const taken = await db.$executeRaw`
    UPDATE endpoint SET next_check_at = now() + make_interval(secs => ${checkEverySeconds} * (0.9 + 0.2 * random()))
     WHERE id = ${endpointId}::uuid AND ${isCheckDue}`;
  return taken > 0;
}

/** The oldest of what is due in a lane, of both kinds: as much as is worth a nudge at once. */
export async function dueIn(
  db: Reader,
  lane: Lane,
  limit: number,
): Promise<{ readonly operations: readonly string[]; readonly endpoints: readonly string[] }> {
  const operations = await db.$queryRaw<{ id: string }[]>`
    SELECT o.id FROM operation o
     WHERE o.lane = ${lane}::operation_lane AND o.state IN ${unfinishedSql} AND ${isDue} ORDER BY o.created_at LIMIT ${limit}`;
  const endpoints =
    lane === 'work'
      ? []
      : await db.$queryRaw<{ id: string }[]>`SELECT id FROM endpoint WHERE ${isCheckDue} ORDER BY next_check_at LIMIT ${limit}`;
  return { operations: operations.map(({ id }) => id), endpoints: endpoints.map(({ id }) => id) };
}
