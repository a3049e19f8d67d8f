import { HostmasterError } from '@hostmaster/core/errors';
import { storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import { transact } from '@hostmaster/db/transaction';
import { permits } from '../certificate/choose-issuer.ts';
import type { WorkerCtx } from '../context.ts';
import { storeIssuer } from './store.ts';

/** Advisory lock under which an intermediate is stored, so that two workers do not store two. */
const authorityLock = 4_072_002;
const kind = 'internal-ca';

/**
 * Sees to it that an internal CA may sign for every managed zone: where none may, the root signs a new one whose name constraints
 * are the apexes of them all. Errors: issuer-unavailable (no root), key-unreadable.
 */
export async function coverZones(ctx: WorkerCtx): Promise<void> {
  const zones = await ctx.db.zone.findMany({ select: { apex: true }, distinct: ['apex'], orderBy: { apex: 'asc' } });
  const apexes = zones.map(({ apex }) => storedHostname(apex));
  const there = await ctx.db.issuer.findMany({ where: { kind }, select: { permittedSuffixes: true } });
  if (apexes.every((apex) => there.some(({ permittedSuffixes }) => permits(permittedSuffixes, [apex])))) return;

  const root = await ctx.db.issuer.findUnique({ where: { slug: 'root' } });
  const sign = root === null ? null : (await ctx.issuer(root)).authority?.signIntermediate;
  if (!sign) throw new HostmasterError('issuer-unavailable', 'The internal root has not been made yet.');
  const made = await sign(apexes);
  await transact(ctx.db, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${authorityLock})`;
    // Another worker made one meanwhile: this one is forgotten, and the next read of a zone looks again.
    const count = await tx.issuer.count({ where: { kind } });
    if (count > there.length) return;
    const slug = `${kind}-${count + 1}`;
    await storeIssuer(tx, ctx, { slug, kind, name: 'Internal CA', permittedSuffixes: apexes, profile: 'server' }, made);
  });
}
