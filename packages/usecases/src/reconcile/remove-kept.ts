// What an issuer keeps with its key and nobody wants any more is deleted there: the name ended, or something else has taken its place. What is in
// use is left until it is not: whoever runs what serves it would be left without a certificate. An issuer that cannot be asked is waited for until
// what it has has expired; one that refuses is not.
import { HostmasterError } from '@hostmaster/core/errors';
import { tlsServer } from '@hostmaster/core/operation/moves-next';
import { isWanted } from '../certificate/kept.ts';
import { holdClaim, type Work } from './step.ts';
import type { Subject } from './subject.ts';

/** @param which every one, of a name that ends. Errors, once all were tried: issuer-*, of the first that is still there. */
export async function removeKept(
  work: Work,
  { endpoint }: Pick<Subject, 'endpoint'>,
  which: 'every one' | 'unwanted' = 'unwanted',
): Promise<void> {
  const { ctx } = work;
  const rows = await ctx.db.keptCertificate.findMany({ where: { endpointId: endpoint.id, removedAt: null }, include: { issuer: true } });
  let waits: HostmasterError | null = null;
  for (const row of rows) {
    if (which === 'unwanted' && (await isWanted(ctx.db, row))) continue;
    const error = await remove(work, row);
    const data = error === null ? { removedAt: ctx.clock.now(), inUseBy: [], why: null } : { why: error.message };
    await ctx.db.keptCertificate.update({ where: { id: row.id }, data });
    if (error?.kind.retryable && (await isValid(work, row))) waits ??= error;
  }
  if (waits !== null) throw waits;
}

const isValid = async ({ ctx: { db, clock } }: Work, { issuerId, reference }: Row): Promise<boolean> =>
  (await db.certificate.findFirst({
    where: { issuerId, order: { reference }, notAfter: { gt: clock.now() } },
    select: { id: true },
  })) !== null;

type Row = { readonly issuerId: string; readonly reference: string; readonly issuer: Parameters<Work['ctx']['issuer']>[0] };

/** @returns why it is still there; null: it is not */
async function remove(work: Work, { reference, issuer: row }: Row): Promise<HostmasterError | null> {
  await holdClaim(work);
  try {
    await (await work.ctx.issuer(row)).kept?.remove(reference, work.signal);
    return null;
  } catch (error) {
    work.signal.throwIfAborted();
    if (!(error instanceof HostmasterError)) throw error;
    if (error.code !== 'in-use') return error;
    const message = `${error.message} It is deleted once nothing uses it.`;
    return new HostmasterError('issuer-unavailable', message, { cause: error, movesNext: tlsServer, retryAfter: waitSeconds });
  }
}

/** Whoever takes it out of use does so in days rather than in minutes. */
const waitSeconds = 15 * 60;
