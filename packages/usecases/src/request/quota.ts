import { HostmasterError } from '@hostmaster/core/errors';
import { openRequestsPerTeam } from '@hostmaster/core/operation/limits';
import type { Tx } from '@hostmaster/db/client';
import { lockOf } from '@hostmaster/db/locks';
import { open } from '@hostmaster/db/state-lists';

/** More than the transactions that all doors together have open at a time: below it no two that meet can reach the quota. */
const margin = 200;

/**
 * Before one more request of a team is stored; a transfer is one of the team that gives, or whoever is given much could ask for nothing.
 * Where there is little room whoever asks for the team waits here for whoever else does, so that the count is true. Errors: quota-reached.
 */
export async function requireQuota(tx: Tx, team: string): Promise<void> {
  const count = async () =>
    (await tx.request.count({ where: { team: { slug: team }, kind: { not: 'transfer' }, state: { in: open } } })) +
    (await tx.request.count({ where: { kind: 'transfer', state: { in: open }, endpoint: { team: { slug: team } } } }));
  if ((await count()) < openRequestsPerTeam - margin) return;
  await lockOf(tx, 'quota', `quota:${team}`);
  if ((await count()) < openRequestsPerTeam) return;
  throw new HostmasterError(
    'quota-reached',
    `${team} has ${openRequestsPerTeam} requests open, and no team may have more: in review, or on their way.`,
  );
}
