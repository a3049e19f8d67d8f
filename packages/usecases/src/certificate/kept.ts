// What issuers keep with its key: a row from when its name there is known, what was seen of it, and whether anybody wants it still.
import { HostmasterError } from '@hostmaster/core/errors';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import type { KeptFacts } from '@hostmaster/core/pki/kept';
import type { Reader, Tx } from '@hostmaster/db/client';
import { inUse } from '@hostmaster/db/state-lists';
import type { WorkerCtx } from '../context.ts';

type Kept = { readonly endpointId: string; readonly issuerId: string; readonly reference: string | null };

/** Written down as soon as its name is known, so that it is deleted there one day whatever comes of the order. */
export async function noteKept(tx: Tx, { kept }: CertificateIssuer, { endpointId, issuerId, reference }: Kept): Promise<void> {
  if (kept === undefined || reference === null) return;
  await tx.keptCertificate.createMany({ data: [{ endpointId, issuerId, reference, inUseBy: [] }], skipDuplicates: true });
}

/** Whether anybody wants it: it is in use, or asked for. */
export async function isWanted(db: Reader, { endpointId, issuerId, reference }: Kept): Promise<boolean> {
  if (reference === null) return false;
  const of = { endpointId, issuerId, reference };
  const wanted = { OR: [{ state: 'open' }, { certificate: { state: { in: inUse } } }] };
  return (await db.certificateOrder.findFirst({ where: { ...of, ...wanted }, select: { id: true } })) !== null;
}

/**
 * Looks what the issuer says of it, and keeps that; nothing where it cannot be asked now: whoever asks it for something is told. What is gone
 * there for good is noted as removed.
 */
export async function lookAtKept(
  { db, clock }: Pick<WorkerCtx, 'db' | 'clock'>,
  { kept }: CertificateIssuer,
  { issuerId, reference }: Kept,
  signal: AbortSignal,
): Promise<KeptFacts | null> {
  if (kept === undefined || reference === null) return null;
  try {
    const seen = await kept.look(reference, signal);
    const now = clock.now();
    if (seen === null) {
      // What was never seen may only not show yet.
      const gone = { issuerId, reference, lookedAt: { not: null } };
      await db.keptCertificate.updateMany({ where: gone, data: { lookedAt: now, inUseBy: [], removedAt: now } });
      return null;
    }
    const { eligible, status: renewal, why } = seen.renewal;
    const data = { lookedAt: now, inUseBy: [...seen.inUseBy], eligible, renewal, why, removedAt: null };
    await db.keptCertificate.updateMany({ where: { issuerId, reference }, data });
    return seen;
  } catch (error) {
    if (error instanceof HostmasterError || signal.aborted) return null;
    throw error;
  }
}
