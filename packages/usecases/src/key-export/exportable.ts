import { HostmasterError } from '@hostmaster/core/errors';
import { type CertificateState, isInUse } from '@hostmaster/core/pki/certificate-state';
import { keyHolderOf } from '@hostmaster/core/pki/key-holder';
import { minuteOf } from '@hostmaster/core/said-time';
import type { Reader } from '@hostmaster/db/client';

export type Exportable = {
  readonly id: string;
  readonly serial: string;
  readonly state: CertificateState;
  readonly notAfter: Date;
  /** The team that it was issued for. */
  readonly order: { readonly keyId: string | null; readonly csr: Uint8Array | null; readonly teamId: string };
  /** The team that has its name now. */
  readonly endpoint: { readonly teamId: string };
};

/** Who took the key of a certificate away, and when; null where nobody did. */
export const takenBy = async (db: Reader, certificateId: string): Promise<{ readonly by: string; readonly at: Date } | null> => {
  const row = await db.keyExport.findFirst({
    where: { certificateId, takenAt: { not: null } },
    select: { takenAt: true, asker: { select: { name: true } } },
  });
  return row === null || row.takenAt === null ? null : { by: row.asker.name, at: row.takenAt };
};

/** Passes where the private key of the certificate may leave. Errors: conflict, with why it does not. */
export async function requireExportable(
  db: Reader,
  { id, serial, state, notAfter, order, endpoint }: Exportable,
  now: Date,
): Promise<void> {
  if (order.keyId === null)
    throw new HostmasterError(
      'conflict',
      keyHolderOf(order) === 'issuer'
        ? `The key of the certificate ${serial} was made by its issuer, which keeps it: Hostmaster has none.`
        : `The key of the certificate ${serial} was made by whoever asked for it: Hostmaster has none.`,
    );
  if (order.teamId !== endpoint.teamId)
    throw new HostmasterError(
      'conflict',
      `The key of the certificate ${serial} is of the team that had its name before, and leaves for no other. Take that of the next one: have this one revoked as superseded, or import another.`,
    );
  if (!isInUse(state) || notAfter <= now)
    throw new HostmasterError('conflict', `The certificate ${serial} is not in use any more. Take the key of the one in its place.`);
  const taken = await takenBy(db, id);
  if (taken !== null)
    throw new HostmasterError(
      'conflict',
      `${taken.by} took the key of the certificate ${serial} at ${minuteOf(taken.at)}, and a key leaves once. Have the certificate revoked as superseded: another one, with a key of its own, takes its place.`,
    );
}
