// What would be left without its ground if an environment or a cluster were removed.
import type { Use } from '@hostmaster/core/contract/use';
import type { Reader, Tx } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { openSql, unretiredSql } from './state-lists.ts';

/** `names`: the first few of them, by name. */
export type NamedUse = Use & { readonly names: readonly string[] };

const mostNames = 3;

/** A row for each thing that names an environment: which, what the thing is, and what it is called. */
const usesOfEnvironments = Prisma.sql`
  SELECT unnest(g.environments) AS slug, 'grant' AS what, g.suffix || ' of ' || t.slug AS name
    FROM "grant" g JOIN team t ON t.id = g.team_id WHERE g.revoked_at IS NULL
  UNION ALL SELECT unnest(environments), 'zone', apex FROM zone
  UNION ALL SELECT environment, 'cluster', slug FROM cluster
  UNION ALL SELECT environment, 'endpoint', hostname FROM endpoint WHERE state IN ${unretiredSql}
  UNION ALL SELECT contract ->> 'environment', 'request', '#' || number || ' for ' || hostname FROM request WHERE state IN ${openSql}`;

/** The same of clusters: endpoints that lead there, along the index on what contracts name, and requests that would. */
const usesOfClusters = Prisma.sql`
  SELECT r.contract -> 'target' ->> 'cluster' AS slug, 'endpoint' AS what, e.hostname AS name
    FROM endpoint_revision r JOIN endpoint e ON e.id = r.endpoint_id AND e.revision = r.number AND e.state IN ${unretiredSql}
   WHERE r.contract -> 'target' ? 'cluster'
  UNION ALL SELECT contract -> 'target' ->> 'cluster', 'request', '#' || number || ' for ' || hostname
    FROM request WHERE state IN ${openSql} AND contract -> 'target' ? 'cluster'`;

/** The same of zones: endpoints that stand in one, by its id, and requests that would. */
const usesOfZones = Prisma.sql`
  SELECT zone_id::text AS slug, 'endpoint' AS what, hostname AS name FROM endpoint WHERE state IN ${unretiredSql}
  UNION ALL SELECT zone_id::text, 'request', '#' || number || ' for ' || hostname FROM request WHERE state IN ${openSql}`;

const named = (tx: Tx, uses: Prisma.Sql, slug: string): Promise<NamedUse[]> =>
  tx.$queryRaw`
    SELECT what, count(*)::int AS total, (array_agg(name ORDER BY name))[1:${mostNames}::int] AS names
      FROM (${uses}) AS uses WHERE slug = ${slug} GROUP BY what ORDER BY what`;

/** By the slug of what is used; what nothing uses is not in it. */
async function counted(db: Reader, uses: Prisma.Sql): Promise<ReadonlyMap<string, Use[]>> {
  const rows = await db.$queryRaw<{ slug: string; uses: Use[] }[]>`
    SELECT slug, json_agg(json_build_object('what', what, 'total', total) ORDER BY what) AS uses
      FROM (SELECT slug, what, count(*) AS total FROM (${uses}) AS each GROUP BY slug, what) AS counted GROUP BY slug`;
  return new Map(rows.map((row) => [row.slug, row.uses]));
}

/** Holds the environments until the transaction ends, so that none of them is removed meanwhile. @returns those that there are */
export async function holdEnvironments(db: Reader, slugs: readonly string[]): Promise<string[]> {
  const rows = await db.$queryRaw<{ slug: string }[]>`
    SELECT slug FROM environment WHERE slug = ANY(${[...slugs]}::text[]) ORDER BY slug FOR KEY SHARE`;
  return rows.map(({ slug }) => slug);
}

/** What uses the environment. It is locked first: what somebody else is about to put there is waited for and seen. */
export async function usesOfEnvironment(tx: Tx, slug: string): Promise<NamedUse[]> {
  await tx.$executeRaw`SELECT 1 FROM environment WHERE slug = ${slug} FOR UPDATE`;
  return named(tx, usesOfEnvironments, slug);
}

/** What uses the cluster, which is locked first. */
export async function usesOfCluster(tx: Tx, slug: string): Promise<NamedUse[]> {
  await tx.$executeRaw`SELECT 1 FROM cluster WHERE slug = ${slug} FOR UPDATE`;
  return named(tx, usesOfClusters, slug);
}

/** What stands in the zone, which is locked first. */
export async function usesOfZone(tx: Tx, id: string): Promise<NamedUse[]> {
  await tx.$executeRaw`SELECT 1 FROM zone WHERE id = ${id}::uuid FOR UPDATE`;
  return named(tx, usesOfZones, id);
}

/** Holds the issuer until the transaction ends: what somebody else is about to order from it is waited for and seen. */
export async function lockIssuer(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM issuer WHERE id = ${id}::uuid FOR UPDATE`;
}

export const countUsesOfEnvironments = (db: Reader) => counted(db, usesOfEnvironments);
export const countUsesOfClusters = (db: Reader) => counted(db, usesOfClusters);

/** How many endpoints lead to each cluster with a certificate. */
export async function certificatesOfClusters(db: Reader): Promise<ReadonlyMap<string, number>> {
  const rows = await db.$queryRaw<{ slug: string; count: number }[]>`
    SELECT r.contract -> 'target' ->> 'cluster' AS slug, count(*)::int AS count
      FROM endpoint_revision r JOIN endpoint e ON e.id = r.endpoint_id AND e.revision = r.number AND e.state IN ${unretiredSql}
     WHERE r.contract -> 'target' ? 'cluster' AND r.contract -> 'tls' ->> 'termination' <> 'none'
     GROUP BY slug`;
  return new Map(rows.map(({ slug, count }) => [slug, count]));
}
