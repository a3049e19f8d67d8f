// For how long an issuer that others run signs at most: what a worker saw of it last is kept, for plans, since the portal asks nobody.
import { HostmasterError } from '@hostmaster/core/errors';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import type { WorkerCtx } from '../context.ts';

type Seen = { readonly id: string; readonly version: number };

/** What it does not say now stays as it was seen. @param row as it was opened: of one that was changed meanwhile nothing is kept */
export async function noteLongestHours(
  { db }: Pick<WorkerCtx, 'db'>,
  { id, version }: Seen,
  issuer: CertificateIssuer,
  signal: AbortSignal,
): Promise<void> {
  if (issuer.longestHours === undefined) return;
  try {
    const longestHours = await issuer.longestHours(signal);
    await db.issuer.updateMany({ where: { id, version }, data: { longestHours } });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HostmasterError)) throw error;
  }
}
