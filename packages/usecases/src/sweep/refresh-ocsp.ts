import { causeChain } from '@hostmaster/core/errors';
import { asReason } from '@hostmaster/core/pki/issuer';
import { ocspRefreshAt } from '@hostmaster/core/pki/ocsp-validity';
import { dropResponses, dueResponses, type NextResponse, replaceResponses } from '@hostmaster/db/ocsp-response';
import type { WorkerCtx } from '../context.ts';
import { openOcspSigner } from '../issuer/ocsp-signer.ts';

type Refreshing = Pick<WorkerCtx, 'actor' | 'db' | 'clock' | 'issuer' | 'log'>;
type Issuer = Awaited<ReturnType<WorkerCtx['db']['issuer']['findMany']>>[number];

/**
 * Signs the OCSP responses that are due: half their time is over, or their certificate was revoked. Those of certificates that have
 * expired go. An issuer whose key cannot be read does not keep the others from theirs.
 * @param limit of one issuer; the next sweep goes on. @returns how many were signed
 */
export async function refreshOcsp(ctx: Refreshing, limit: number): Promise<number> {
  let signed = 0;
  const due = { some: { refreshAt: { lte: ctx.clock.now() } } };
  for (const issuer of await ctx.db.issuer.findMany({ where: { ocspResponses: due } })) {
    try {
      signed += await refreshOf(ctx, issuer, limit);
    } catch (error) {
      ctx.log.warn({ issuer: issuer.slug, causes: causeChain(error) }, 'OCSP responses could not be signed; it is tried again.');
    }
  }
  return signed;
}

async function refreshOf(ctx: Refreshing, issuer: Issuer, limit: number): Promise<number> {
  const now = ctx.clock.now();
  const due = await dueResponses(ctx.db, issuer.id, now, limit);
  if (due.length === 0) return 0;
  const expired = due.filter(({ notAfter }) => notAfter <= now);
  if (expired.length > 0)
    await dropResponses(
      ctx.db,
      expired.map(({ certificateId }) => certificateId),
    );
  const { authority } = await ctx.issuer(issuer);
  const signer = authority === undefined || due.length === expired.length ? null : await openOcspSigner(ctx, issuer, authority);
  if (signer === null) return 0;
  const next: NextResponse[] = [];
  for (const each of due) {
    if (each.notAfter <= now) continue;
    const { serial, revokedAt, revocationReason } = each;
    const revoked = revokedAt === null ? null : { at: revokedAt, reason: asReason(revocationReason) };
    next.push({ due: each, responses: await signer.sign({ serial, revoked }), refreshAt: ocspRefreshAt(signer.times, each.notAfter) });
  }
  return replaceResponses(ctx.db, next, signer.times);
}
