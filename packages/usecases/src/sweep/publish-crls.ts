import { day } from '@hostmaster/core/duration';
import { causeChain } from '@hostmaster/core/errors';
import { completeList, listAddress, listsOf, shardOf } from '@hostmaster/core/pki/crl-shard';
import { type Authority, asReason } from '@hostmaster/core/pki/issuer';
import { backdated } from '@hostmaster/core/pki/profile';
import { type Revoked, replaceList, revokedUntil } from '@hostmaster/db/revocation-list';
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
  const revoked = await revokedUntil(ctx.db, issuer.id, new Date(Math.min(...due.map((list) => namedFrom(list, now).getTime()))));
  const shards = byShard(revoked);
  let published = 0;
  for (const list of due)
    published += await publish(ctx, authority, list, list.list === completeList ? revoked : (shards.get(list.list) ?? []));
  return published;
}

/** Every list of the issuer, and where it is found now. One that is new has a row before anything is put on it. */
async function listsThere({ db, clock }: Publishing, { id: issuerId }: Issuer, authority: Authority) {
  const wanted = listsOf(authority.ocsp !== null);
  const read = () => db.revocationList.findMany({ where: { issuerId }, orderBy: { list: 'asc' }, omit: { der: true } });
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

function byShard(all: readonly Revoked[]): ReadonlyMap<number, readonly Revoked[]> {
  const shards = new Map<number, Revoked[]>();
  for (const revoked of all) {
    const shard = shardOf(revoked.serial);
    const others = shards.get(shard);
    if (others === undefined) shards.set(shard, [revoked]);
    else others.push(revoked);
  }
  return shards;
}

/** @param revoked of the issuer or of the shard */
async function publish(ctx: Publishing, authority: Authority, list: List, revoked: readonly Revoked[]): Promise<number> {
  const now = ctx.clock.now();
  const from = namedFrom(list, now);
  const thisUpdate = backdated(now);
  const nextUpdate = new Date(thisUpdate.getTime() + validDays * day);
  // Certificates name it as it was to be found when they were issued, also where that has changed since.
  const addresses = [...new Set([...list.addresses, list.address])];
  const der = await authority.signCrl({
    number: list.number + 1,
    thisUpdate,
    nextUpdate,
    revoked: revoked
      .filter(({ notAfter }) => notAfter > from)
      .map(({ serial, revokedAt, reason }) => ({ serial, revokedAt, reason: asReason(reason) })),
    addresses: list.list === completeList ? null : addresses,
  });
  const refreshAt = new Date(thisUpdate.getTime() + (validDays * day) / 2);
  return replaceList(ctx.db, list, { der, nextUpdate, refreshAt, addresses });
}
