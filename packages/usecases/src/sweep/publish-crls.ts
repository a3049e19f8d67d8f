import type { RevocationReason } from '@hostmaster/core/pki/issuer';
import { revocationReasons } from '@hostmaster/core/pki/issuer';
import type { WorkerCtx } from '../context.ts';

const validDays = 7;
const day = 86_400_000;

const isReason = (text: string | null): text is RevocationReason => text !== null && text in revocationReasons;

/** Signs a new CRL for every issuer whose list is missing, half its life old, or older than a revocation. @returns how many. */
export async function publishDueCrls(ctx: WorkerCtx): Promise<number> {
  const now = ctx.clock.now();
  let published = 0;
  for (const issuer of await ctx.db.issuer.findMany()) {
    const newest = await ctx.db.certificate.findFirst({
      where: { issuerId: issuer.id, state: 'revoked' },
      orderBy: { revokedAt: 'desc' },
      select: { revokedAt: true },
    });
    const thisUpdate = issuer.crlNextUpdate === null ? null : new Date(issuer.crlNextUpdate.getTime() - validDays * day);
    const old = thisUpdate === null || thisUpdate.getTime() + (validDays * day) / 2 < now.getTime();
    if (!old && (newest?.revokedAt ?? new Date(0)) <= thisUpdate) continue;
    const revoked = await ctx.db.certificate.findMany({
      where: { issuerId: issuer.id, state: 'revoked', notAfter: { gt: now }, fingerprint: { not: null } },
      select: { serial: true, revokedAt: true, revocationReason: true },
    });
    const number = issuer.crlNumber + 1;
    const nextUpdate = new Date(now.getTime() + validDays * day);
    const crl = await ctx.authority.signCrl(issuer, {
      number,
      thisUpdate: now,
      nextUpdate,
      revoked: revoked.map((row) => ({
        serial: row.serial,
        revokedAt: row.revokedAt ?? now,
        reason: isReason(row.revocationReason) ? row.revocationReason : 'unspecified',
      })),
    });
    const { count } = await ctx.db.issuer.updateMany({
      where: { id: issuer.id, crlNumber: issuer.crlNumber },
      data: { crl: Buffer.from(crl), crlNumber: number, crlNextUpdate: nextUpdate },
    });
    published += count;
  }
  return published;
}
