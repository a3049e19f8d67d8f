import type { Tx } from '@hostmaster/db/client';

/** Ends what sessions somebody has, but for one. @returns how many */
export async function endSessionsOf(tx: Tx, personId: string, now: Date, but: string | null = null): Promise<number> {
  const { count } = await tx.session.updateMany({
    where: { personId, revokedAt: null, expiresAt: { gt: now }, ...(but === null ? {} : { id: { not: but } }) },
    data: { revokedAt: now },
  });
  return count;
}
