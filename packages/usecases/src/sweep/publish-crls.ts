import { day } from '@hostmaster/core/duration';
import { causeChain } from '@hostmaster/core/errors';
import { completeList, listAddress, listsOf, shardOf } from '@hostmaster/core/pki/crl-shard';
import { type Authority, asReason } from '@hostmaster/core/pki/issuer';
import { backdated } from '@hostmaster/core/pki/profile';
import { replaceList } from '@hostmaster/db/revocation-list';
import type { WorkerCtx } from '../context.ts';

const validDays = 7;

type Publishing = Pick<WorkerCtx, 'db' | 'clock' | 'issuer' | 'log'>;
type Issuer = Awaited<ReturnType<WorkerCtx['db']['issuer']['findMany']>>[number];

/**
 * Signs a new CRL for every list of an issuer that is missing, half its life old, to be found at another address, or lacks a
 * revocation. An issuer whose key cannot be read does not keep the others from theirs. @returns how many.
 */
export async function publishDueCrls(ctx: Publishing): Promise<number> {
  let published = 0;
  for (const issuer of await ctx.db.issuer.findMany({ where: { keyCiphertext: { not: null } } })) {
    try {
      const { authority } = await ctx.issuer(issuer);
      if (authority !== undefined) published += await publishDue(ctx, issuer, authority);
    } catch (error) {
      ctx.log.warn({ issuer: issuer.slug, causes: causeChain(error) }, 'A CRL could not be published; it is tried again.');
    }
  }
  return published;
}

async function publishDue(ctx: Publishing, issuer: Issuer, authority: Authority): Promise<number> {
  const now = ctx.clock.now();
  const due = (await listsThere(ctx, issuer, authority)).filter(
    ({ refreshAt, addresses, address }) => refreshAt <= now || !addresses.includes(address),
  );
  if (due.length === 0) return 0;
  // After the lists were read: what is revoked from here on makes its lists due once more.
  const revoked = await revokedSince(ctx, issuer, new Date(Math.min(...due.map((list) => namedFrom(list, now).getTime()))));
  let published = 0;
  for (const list of due) published += await publish(ctx, authority, list, revoked);
  return published;
}

/** Every list of the issuer, and where it is found now. One that is new has a row before anything is put on it. */
async function listsThere({ db, clock }: Publishing, { id: issuerId }: Issuer, authority: Authority) {
  const wanted = listsOf(authority.ocsp !== null);
  const read = () => db.revocationList.findMany({ where: { issuerId }, omit: { der: true } });
  let rows = await read();
  if (rows.length < wanted.length) {
    const made = wanted.map((list) => ({ issuerId, list, refreshAt: clock.now(), addresses: [] }));
    await db.revocationList.createMany({ data: made, skipDuplicates: true });
    rows = await read();
  }
  return rows.map((row) => ({ ...row, address: listAddress(authority.crlAddress, row.list) }));
}
type List = Awaited<ReturnType<typeof listsThere>>[number];

/**
 * Certificates that a list must name end after that: until they have stood on a regular list that was made after their end (RFC 5280
 * §3.3), which is made at least once while one is in force.
 */
function namedFrom({ nextUpdate }: List, now: Date): Date {
  const oneListAgo = now.getTime() - validDays * day;
  return new Date(nextUpdate === null ? oneListAgo : Math.min(oneListAgo, nextUpdate.getTime() - validDays * day));
}

const revokedSince = ({ db }: Publishing, issuer: Issuer, since: Date) =>
  db.certificate.findMany({
    where: { issuerId: issuer.id, state: 'revoked', notAfter: { gt: since } },
    select: { serial: true, revokedAt: true, revocationReason: true, notAfter: true },
  });
type Revoked = Awaited<ReturnType<typeof revokedSince>>[number];

async function publish(ctx: Publishing, authority: Authority, list: List, all: readonly Revoked[]): Promise<number> {
  const now = ctx.clock.now();
  const from = namedFrom(list, now);
  const isComplete = list.list === completeList;
  const revoked = all.filter(({ serial, notAfter }) => notAfter > from && (isComplete || shardOf(serial) === list.list));
  const thisUpdate = backdated(now);
  const nextUpdate = new Date(thisUpdate.getTime() + validDays * day);
  // Certificates name it as it was to be found when they were issued, also where that has changed since.
  const addresses = [...new Set([...list.addresses, list.address])];
  const der = await authority.signCrl({
    number: list.number + 1,
    thisUpdate,
    nextUpdate,
    revoked: revoked.map(({ serial, revokedAt, revocationReason }) => ({
      serial,
      revokedAt: revokedAt ?? now,
      reason: asReason(revocationReason),
    })),
    addresses: isComplete ? null : addresses,
  });
  const refreshAt = new Date(thisUpdate.getTime() + (validDays * day) / 2);
  return replaceList(ctx.db, list, { der, nextUpdate, refreshAt, addresses });
}
