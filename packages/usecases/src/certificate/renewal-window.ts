// When an issuer wants a certificate renewed (RFC 9773): asked when it is issued, and again now and then, since an issuer that has to
// revoke many at once says so by calling for them earlier.
import { hour } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { splitPem } from '@hostmaster/core/pki/chain';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import { signsHere } from '@hostmaster/core/pki/source-traits';
import { transact } from '@hostmaster/db/transaction';
import type { IssuerRow, WorkerCtx } from '../context.ts';
import type { FittingCertificate } from './fitting.ts';
import { lookAtKept } from './kept.ts';

/** Servers that name a pace name about this one (Retry-After, RFC 9773 §4.3). */
const askedEvery = 6 * hour;

/**
 * Of a certificate that is new: somewhere in the issuer's window, so that not all come at once; null where it says nothing, or cannot be
 * asked now. One that has begun already would have it renewed the moment it is issued, and the next one, too.
 */
export async function wantedRenewal(
  { random, clock }: Pick<WorkerCtx, 'random' | 'clock'>,
  issuer: CertificateIssuer,
  leaf: Uint8Array,
  signal: AbortSignal,
): Promise<Date | null> {
  const window = await windowOf(async () => issuer, leaf, signal);
  return window === null || window.start <= clock.now() ? null : within(random, window);
}

type Window = { readonly start: Date; readonly end: Date };

const within = (random: WorkerCtx['random'], { start, end }: Window): Date =>
  new Date(start.getTime() + random() * (end.getTime() - start.getTime()));

/** One that makes no sense is none (RFC 9773 §4.2): turned round, or over when the certificate has expired. */
async function windowOf(open: () => Promise<CertificateIssuer>, leaf: Uint8Array, signal: AbortSignal): Promise<Window | null> {
  try {
    const issuer = await open();
    const window = (await issuer.renewalWindow?.(leaf, signal)) ?? null;
    return window !== null && window.start <= window.end && window.end < readCertificate(leaf).notAfter ? window : null;
  } catch (error) {
    if (error instanceof HostmasterError || signal.aborted) return null;
    throw error;
  }
}

async function lookUnlessAway(ctx: WorkerCtx, row: IssuerRow, { order, ...kept }: Followed, signal: AbortSignal) {
  try {
    return await lookAtKept(ctx, await ctx.issuer(row), { ...kept, reference: order.reference }, signal);
  } catch (error) {
    if (error instanceof HostmasterError || signal.aborted) return null;
    throw error;
  }
}

type Followed = Pick<FittingCertificate, 'id' | 'endpointId' | 'issuerId' | 'serial' | 'chainPem' | 'renewAfter' | 'renewalAskedAt'> & {
  readonly order: { readonly reference: string | null; readonly issuer: { readonly kind: string } };
};

/**
 * Asks again, where that is due. A time that lies in the window still stays: it was chosen so that not all come at once. What an issuer has
 * renewed by itself, where it keeps it, is taken over now.
 */
export async function followIssuer(ctx: WorkerCtx, certificate: Followed, signal: AbortSignal): Promise<void> {
  const { id, issuerId, serial, chainPem, renewAfter, renewalAskedAt, order } = certificate;
  const now = ctx.clock.now();
  if (signsHere(order.issuer.kind) || renewAfter <= now) return;
  if (renewalAskedAt !== null && renewalAskedAt.getTime() + askedEvery > now.getTime()) return;
  const [leaf] = splitPem(chainPem);
  const row = await ctx.db.issuer.findUniqueOrThrow({ where: { id: issuerId } });
  if (leaf === undefined) return;
  const window = await windowOf(() => ctx.issuer(row), leaf, signal);
  const seen = await lookUnlessAway(ctx, row, certificate, signal);
  const isRenewed = seen !== null && seen.serial !== null && seen.serial !== serial;
  const stays = window === null || (window.start <= renewAfter && renewAfter <= window.end);
  const moved = isRenewed ? { renewAfter: now } : stays ? {} : { renewAfter: within(ctx.random, window) };
  await transact(ctx.db, async (tx) => {
    await tx.certificate.updateMany({ where: { id }, data: { renewalAskedAt: now } });
    // Unless it was called for meanwhile.
    await tx.certificate.updateMany({ where: { id, renewAfter }, data: moved });
  });
}
