import type { Tx } from './client.ts';
import { lockOf } from './locks.ts';

/**
 * Holds what stands below the tokens of one person until the transaction ends: a token that is made while the one that makes
 * it is revoked would be seen by neither.
 */
export const lockTokensOf = (tx: Tx, ownerId: string): Promise<unknown> => lockOf(tx, 'tokens', `tokens:${ownerId}`);

/** Whether it neither was revoked nor is over. */
export async function tokenStands(tx: Tx, id: string, now: Date): Promise<boolean> {
  return (await tx.serviceToken.count({ where: { id, revokedAt: null, expiresAt: { gt: now } } })) > 0;
}

/** Revokes a token and all that it made, and what those made; those that this ended. */
export const revokeWithMade = (tx: Tx, id: string, now: Date): Promise<readonly { readonly id: string; readonly name: string }[]> =>
  tx.$queryRaw`
    WITH RECURSIVE below AS (
      SELECT id FROM service_token WHERE id = ${id}::uuid
      UNION
      SELECT made.id FROM below JOIN service_token AS made ON made.maker_id = below.id
    )
    UPDATE service_token AS token SET revoked_at = ${now}
      FROM below WHERE token.id = below.id AND token.revoked_at IS NULL
    RETURNING token.id, token.name`;
