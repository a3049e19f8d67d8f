import type { grantRow } from '@hostmaster/core/contract/governance';
import type { Db } from '@hostmaster/db/client';
import type { z } from 'zod';
import { timestampOf, timestampOrNull } from '../timestamp.ts';

type Row = NonNullable<Awaited<ReturnType<Db['grant']['findUnique']>>> & { readonly team: { readonly slug: string } };

export const presentGrant = (row: Row): z.output<typeof grantRow> => ({
  id: row.id,
  team: row.team.slug,
  suffix: row.suffix,
  environments: row.environments,
  views: row.views,
  wildcard: row.wildcard,
  apex: row.apex,
  reason: row.reason,
  expiresAt: timestampOrNull(row.expiresAt),
  createdAt: timestampOf(row.createdAt),
});
