import { asksPerOwner, asksPerZone } from '@hostmaster/core/operation/limits';
import type { Tx } from '@hostmaster/db/client';
import type { Ctx } from '../context.ts';
import { consumeLimit } from '../rate-limit/consume.ts';

/** Counts that somebody has the servers of a zone asked. Errors: rate-limited, of the zone or of the team that owns it. */
export async function limitAsking(
  ctx: Pick<Ctx, 'clock'> & { readonly db: Tx },
  { id, ownerTeamId }: { readonly id: string; readonly ownerTeamId: string },
): Promise<void> {
  await consumeLimit(ctx, { key: `check:zone:${id}`, ...asksPerZone });
  await consumeLimit(ctx, { key: `check:owner:${ownerTeamId}`, ...asksPerOwner });
}
