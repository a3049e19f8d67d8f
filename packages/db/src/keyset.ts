// Keyset pages: what follows the last row of the page before, in the order of an index. An index is read either way, so
// both orders cost the same.
import type { SortOrder } from '@hostmaster/core/contract/page';
import { Prisma } from './generated/prisma/client.ts';

/** `limit` rows at most that follow `after` in that order; from the first one where it is null. */
export type PageOf<After> = { readonly after: After | null; readonly order: SortOrder; readonly limit: number };

type By = { readonly column: Prisma.Sql; readonly order: SortOrder; readonly after: Prisma.Sql | undefined };

export const turned = { asc: 'desc', desc: 'asc' } as const satisfies Record<SortOrder, SortOrder>;
const words = { asc: Prisma.sql`ASC`, desc: Prisma.sql`DESC` };
const beyond = { asc: Prisma.sql`>`, desc: Prisma.sql`<` };

/** The condition and the order of a page sorted by one column, and by a second one where rows are equal in the first. */
export function keyset(first: By, second: By): { readonly condition: Prisma.Sql; readonly orderBy: Prisma.Sql } {
  return {
    condition:
      first.after === undefined || second.after === undefined
        ? Prisma.sql`true`
        : // Not a comparison of pairs: Postgres would look for one only in an index whose columns run the same way.
          Prisma.sql`${first.column} ${beyond[first.order]}= ${first.after}
            AND (${first.column} ${beyond[first.order]} ${first.after} OR ${second.column} ${beyond[second.order]} ${second.after})`,
    orderBy: Prisma.sql`${first.column} ${words[first.order]}, ${second.column} ${words[second.order]}`,
  };
}
