import { HostmasterError } from '@hostmaster/core/errors';
import { openRequestsPerTeam } from '@hostmaster/core/operation/limits';
import type { Tx } from '@hostmaster/db/client';
import { open } from '@hostmaster/db/state-lists';

/** Whoever asks for a team waits here for whoever else does: the count after it is true then. Taken before anything else. */
export const lockQuota = (tx: Tx, teamId: string): Promise<unknown> =>
  tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`quota:${teamId}`}, 2))`;

/** Before one more request of a team is stored. Errors: quota-reached. */
export async function requireQuota(tx: Tx, team: { readonly id: string; readonly slug: string }): Promise<void> {
  if ((await tx.request.count({ where: { teamId: team.id, state: { in: open } } })) < openRequestsPerTeam) return;
  throw new HostmasterError(
    'quota-reached',
    `${team.slug} has ${openRequestsPerTeam} requests open, and no team may have more: in review, or on their way.`,
  );
}
