// Which endpoint holds which names. What is written here is what the policy, orders and deliveries go by.
import type { Hostname } from '@hostmaster/core/hostname/hostname';
import { skeletonOf } from '@hostmaster/core/hostname/parse-hostname';
import type { Reader, Tx } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';

/**
 * From now on the endpoint holds these names for the team and no others. What it let go is held back from other teams until
 * `heldBackUntil`, or free at once where that is null. Errors: conflict, where another team has one of them.
 */
export async function holdNames(
  tx: Tx,
  { id, teamId }: { readonly id: string; readonly teamId: string },
  names: readonly Hostname[],
  heldBackUntil: Date | null,
): Promise<void> {
  await letNamesGo(tx, id, heldBackUntil, names);
  const rows = names.map((hostname) => Prisma.sql`(${hostname}, ${id}::uuid, ${teamId}::uuid, ${skeletonOf(hostname)})`);
  await tx.$executeRaw`
    INSERT INTO held_name (hostname, endpoint_id, team_id, skeleton) VALUES ${Prisma.join(rows)}
    ON CONFLICT (hostname, endpoint_id) DO UPDATE
      SET team_id = excluded.team_id, skeleton = excluded.skeleton, held_back_until = NULL`;
}

/** The endpoint holds none of its names any more, but for those that are kept. */
export async function letNamesGo(tx: Tx, endpointId: string, heldBackUntil: Date | null, kept: readonly Hostname[] = []): Promise<void> {
  const others = { endpointId, heldBackUntil: null, hostname: { notIn: [...kept] } };
  if (heldBackUntil === null) await tx.heldName.deleteMany({ where: others });
  else await tx.heldName.updateMany({ where: others, data: { heldBackUntil } });
}

/** Who holds a name: the endpoint, and whether it is that endpoint's hostname or one of its extra names. */
export type NameHolder = {
  readonly name: string;
  readonly endpointId: string;
  /** Of the endpoint. */
  readonly hostname: string;
  /** Slug. */
  readonly team: string;
};

/** Everybody who holds one of the names now; of each name first the endpoint whose hostname it is, then the oldest. */
export const holdersOf = (db: Reader, names: readonly string[]): Promise<NameHolder[]> => db.$queryRaw`
  SELECT h.hostname AS name, e.id AS "endpointId", e.hostname, t.slug AS team
    FROM held_name h JOIN endpoint e ON e.id = h.endpoint_id JOIN team t ON t.id = h.team_id
   WHERE h.hostname = ANY(${[...names]}::text[]) AND h.held_back_until IS NULL
   ORDER BY h.hostname, e.hostname = h.hostname DESC, e.created_at, e.id`;
