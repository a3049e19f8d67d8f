import { HostmasterError } from '@hostmaster/core/errors';
import { openRequestsPerTeam } from '@hostmaster/core/operation/limits';
import type { Tx } from '@hostmaster/db/client';
import { lockOf } from '@hostmaster/db/locks';
import { open } from '@hostmaster/db/state-lists';

/** More than the transactions that all doors together have open at a time: below it no two that meet can reach the quota. */
const margin = 200;

/**
 * Before one more request of a team is stored. Where there is
 * little room whoever asks for the team waits here for whoever else does, so that the count is true. Errors: quota-reached.
 */
export async function requireQuota(tx: Tx, team: { readonly id: string; readonly slug: string }): Promise<void> {
  const count = () => tx.request.count({ where: { teamId: team.id, state: { in: open } } });
  if ((await count()) < openRequestsPerTeam - margin) return;
  await lockOf(tx, 'quota', `quota:${team.id}`);
  if ((await count()) < openRequestsPerTeam) return;
  throw new HostmasterError(
    'quota-reached',
    `${team.slug} has ${openRequestsPerTeam} requests open, and no team may have more: in review, or on their way.`,
  );
}
