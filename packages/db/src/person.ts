// Reading people with what follows from other tables: their teams, and whether they have a password, which is all that is told
// of it.
import { organisationRole } from '@hostmaster/core/contract/account';
import { membershipRoles } from '@hostmaster/core/policy/roles';
import { z } from 'zod';
import type { Reader, Tx } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { keyset, type PageOf } from './keyset.ts';
import { containing } from './like.ts';

export type PersonFilter = { readonly search?: string | undefined; readonly state?: 'invited' | 'active' | 'disabled' | undefined };
type ByName = { readonly name: string; readonly id: string };

const row = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  account: z.string().nullable(),
  roles: z.array(organisationRole),
  teams: z.array(z.object({ slug: z.string(), name: z.string(), role: z.enum(membershipRoles) })),
  created_at: z.date(),
  disabled_at: z.date().nullable(),
  last_sign_in_at: z.date().nullable(),
  by_oidc: z.boolean(),
  by_password: z.boolean(),
});
export type PersonRead = z.output<typeof row>;

const maySignIn = Prisma.sql`(p.oidc_subject IS NOT NULL OR has_password(p.id))`;
const states = {
  disabled: Prisma.sql`p.disabled_at IS NOT NULL`,
  active: Prisma.sql`p.disabled_at IS NULL AND ${maySignIn}`,
  invited: Prisma.sql`p.disabled_at IS NULL AND NOT ${maySignIn}`,
};
const columns = Prisma.sql`
  p.id, p.name, p.email, p.account, to_json(p.roles) AS roles, p.created_at, p.disabled_at, p.last_sign_in_at,
  p.oidc_subject IS NOT NULL AS by_oidc, has_password(p.id) AS by_password,
  coalesce((SELECT json_agg(json_build_object('slug', t.slug, 'name', t.name, 'role', m.role) ORDER BY t.slug)
              FROM membership m JOIN team t ON t.id = m.team_id WHERE m.person_id = p.id), '[]') AS teams`;

function matching({ search, state }: PersonFilter): Prisma.Sql {
  const like = search === undefined ? null : containing(search);
  return Prisma.sql`${state === undefined ? Prisma.sql`true` : states[state]}
    AND ${like === null ? Prisma.sql`true` : Prisma.sql`(p.name ILIKE ${like} OR p.email ILIKE ${like} OR p.account ILIKE ${like})`}`;
}

/** People by name. */
export async function peopleByName(db: Reader, filter: PersonFilter, { after, order, limit }: PageOf<ByName>): Promise<PersonRead[]> {
  const { condition, orderBy } = keyset(
    { column: Prisma.sql`p.name`, order, after: after === null ? undefined : Prisma.sql`${after.name}` },
    { column: Prisma.sql`p.id`, order, after: after === null ? undefined : Prisma.sql`${after.id}::uuid` },
  );
  const rows = await db.$queryRaw<unknown[]>`
    SELECT ${columns} FROM person p WHERE ${matching(filter)} AND ${condition} ORDER BY ${orderBy} LIMIT ${limit}`;
  return z.array(row).parse(rows);
}

/** How many people match, counted no further than `most`. */
export async function countPeople(db: Reader, filter: PersonFilter, most: number): Promise<number> {
  const rows = await db.$queryRaw<{ counted: bigint }[]>`
    SELECT count(*) AS counted FROM (SELECT 1 FROM person p WHERE ${matching(filter)} LIMIT ${most}) AS found`;
  return Number(rows[0]?.counted ?? 0);
}

export async function personOf(db: Reader, id: string): Promise<PersonRead | null> {
  const rows = await db.$queryRaw<unknown[]>`SELECT ${columns} FROM person p WHERE p.id = ${id}::uuid`;
  return rows[0] === undefined ? null : row.parse(rows[0]);
}

/**
 * Holds a person, and everybody who manages Hostmaster, until the transaction ends: of two who would each leave the other as the
 * last, the second one sees what the first did.
 * @returns the ids of the enabled platform admins who can sign in; null where whoever acts may change nobody any more
 */
export async function holdAdmins(tx: Tx, personId: string): Promise<string[] | null> {
  const rows = await tx.$queryRaw<{ id: string; admin: boolean }[]>`
    SELECT p.id, 'platform-admin' = ANY (p.roles) AND p.disabled_at IS NULL AND ${maySignIn} AS admin
      FROM person p WHERE p.id = ${personId}::uuid OR 'platform-admin' = ANY (p.roles) ORDER BY p.id FOR UPDATE`;
  return rows.some(({ id }) => id === personId) ? rows.flatMap(({ id, admin }) => (admin ? [id] : [])) : null;
}
