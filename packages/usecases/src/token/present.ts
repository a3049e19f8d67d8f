import { scope, type tokenRow } from '@hostmaster/core/contract/account';
import type { z } from 'zod';
import { timestampOf, timestampOrNull } from '../timestamp.ts';

/** What `presentToken` needs of the row. */
export const tokenInclude = { teams: { select: { team: { select: { slug: true } } } } } as const;

type Stored = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly teams: readonly { readonly team: { readonly slug: string } }[];
};

export const presentToken = (token: Stored): z.output<typeof tokenRow> => ({
  id: token.id,
  name: token.name,
  scopes: token.scopes.flatMap((each) => scope.safeParse(each).data ?? []),
  teams: token.teams.map(({ team }) => team.slug).sort(),
  createdAt: timestampOf(token.createdAt),
  expiresAt: timestampOf(token.expiresAt),
  lastUsedAt: timestampOrNull(token.lastUsedAt),
  revokedAt: timestampOrNull(token.revokedAt),
});
