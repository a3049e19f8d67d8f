import { day, minute } from '@hostmaster/core/duration';
import { causeChain } from '@hostmaster/core/errors';
import { type Authority, type RevocationReason, revocationReasons } from '@hostmaster/core/pki/issuer';
import { backdated } from '@hostmaster/core/pki/profile';
import type { WorkerCtx } from '../context.ts';

const validDays = 7;
/** A revocation counts from the time its worker read; longer than its commit may come after that. */
const lateMilliseconds = minute;

type Publishing = Pick<WorkerCtx, 'db' | 'clock' | 'issuer' | 'log'>;

const isReason = (text: string | null): text is RevocationReason => text !== null && text in revocationReasons;

/**
 * Signs a new CRL for every issuer whose list is missing, half its life old, or lacks a revocation. An issuer whose key
 * cannot be read does not keep the others from theirs. @returns how many.
 */
export async function publishDueCrls(ctx: Publishing): Promise<number> {
  let published = 0;
  for (const issuer of await ctx.db.issuer.findMany({ where: { keyCiphertext: { not: null } } })) {
    try {
      const { authority } = await ctx.issuer(issuer);
      if (authority !== undefined && (await isDue(ctx, issuer))) published += await publish(ctx, issuer, authority);
    } catch (error) {
      ctx.log.warn({ issuer: issuer.slug, causes: causeChain(error) }, 'A CRL could not be published; it is tried again.');
    }
  }
  return published;
}

type Issuer = NonNullable<Awaited<ReturnType<WorkerCtx['db']['issuer']['findFirst']>>>;

/** When the list in force says that it was made; null where there is none. */
const thisUpdateOf = ({ crl, crlNextUpdate }: Issuer): Date | null =>
  crl === null || crlNextUpdate === null ? null : new Date(crlNextUpdate.getTime() - validDays * day);

/**
 * Certificates that a list must name: until they have stood on a regular list that was made after their end (RFC 5280 §3.3), which is
 * made at least once while one is in force.
 */
function listed(issuer: Issuer, now: Date) {
  const oneListAgo = now.getTime() - validDays * day;
  const since = new Date(Math.min(oneListAgo, thisUpdateOf(issuer)?.getTime() ?? oneListAgo));
  return { issuerId: issuer.id, state: 'revoked' as const, notAfter: { gt: since } };
}

async function isDue(ctx: Publishing, issuer: Issuer): Promise<boolean> {
  const now = ctx.clock.now();
  const thisUpdate = thisUpdateOf(issuer)?.getTime();
  if (issuer.crl === null || thisUpdate === undefined) return true;
  if (thisUpdate + (validDays * day) / 2 < now.getTime()) return true;
  const recent = await ctx.db.certificate.findMany({
    where: { ...listed(issuer, now), revokedAt: { gt: new Date(thisUpdate - lateMilliseconds) } },
    select: { serial: true },
  });
  const crl = Buffer.from(issuer.crl);
  return recent.some(({ serial }) => !crl.includes(Buffer.from(serial, 'hex')));
}

async function publish(ctx: Publishing, issuer: Issuer, authority: Authority): Promise<number> {
  const now = ctx.clock.now();
  const revoked = await ctx.db.certificate.findMany({
    where: listed(issuer, now),
    select: { serial: true, revokedAt: true, revocationReason: true },
  });
  const number = issuer.crlNumber + 1;
  const thisUpdate = backdated(now);
  const nextUpdate = new Date(thisUpdate.getTime() + validDays * day);
  const crl = await authority.signCrl({
    number,
    thisUpdate,
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
  return count;
}
