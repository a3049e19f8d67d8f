import { completeList, shardOf } from '@hostmaster/core/pki/crl-shard';
import type { Tx } from '@hostmaster/db/client';

/**
 * Has the next sweep say of a certificate that it is revoked: in its OCSP response and in the two lists that name it. In the
 * transaction of the revocation, so that none is forgotten. Of an issuer that publishes such things itself there is nothing here.
 */
export async function publishAtOnce(
  tx: Tx,
  { id, serial, issuerId }: { readonly id: string; readonly serial: string; readonly issuerId: string },
  now: Date,
): Promise<void> {
  await tx.ocspResponse.updateMany({ where: { certificateId: id }, data: { refreshAt: now } });
  await tx.revocationList.updateMany({ where: { issuerId, list: { in: [completeList, shardOf(serial)] } }, data: { refreshAt: now } });
}
