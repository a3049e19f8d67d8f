import { asHostmasterError, causeChain, HostmasterError } from '@hostmaster/core/errors';
import type { Hostname } from '@hostmaster/core/hostname/hostname';
import { isStoredHostname } from '@hostmaster/core/hostname/parse-hostname';
import { transact } from '@hostmaster/db/transaction';
import { permits } from '../certificate/choose-issuer.ts';
import type { WorkerCtx } from '../context.ts';
import { storeIssuer } from './store.ts';

/** Advisory lock under which an intermediate is stored, so that two workers do not store two. */
const authorityLock = 4_072_002;
const kind = 'internal-ca';

/**
 * Sees to it that an internal CA may sign for every managed zone: where none may, the root signs a new one whose name constraints
 * are the apexes of them all. What keeps it from that stays with the zones that none may sign for, until one may; the next reading
 * of a zone tries again.
 */
export async function coverZones(ctx: WorkerCtx): Promise<void> {
  const zones = await ctx.db.zone.findMany({ select: { apex: true }, distinct: ['apex'], orderBy: { apex: 'asc' } });
  // In a zone whose apex is no hostname no name can be asked for, and no name constraint can be made of it.
  const apexes = zones.map(({ apex }) => apex).filter(isStoredHostname);
  const there = await ctx.db.issuer.findMany({ where: { kind }, select: { permittedSuffixes: true } });
  const uncovered = apexes.filter((apex) => !there.some(({ permittedSuffixes }) => permits(permittedSuffixes, [apex])));
  if (uncovered.length === 0) return forget(ctx, []);
  try {
    await makeIntermediate(ctx, apexes, there.length);
  } catch (thrown) {
    ctx.log.warn({ zones: uncovered, causes: causeChain(thrown) }, 'No internal CA could be made; the next reading of a zone tries again.');
    const { code, message } = asHostmasterError(thrown);
    const data = { signingErrorCode: code, signingError: `The root could not sign a CA for the zone: ${message}` };
    await ctx.db.zone.updateMany({ where: { apex: { in: uncovered } }, data });
    return forget(ctx, uncovered);
  }
  await forget(ctx, []);
}

/** Every zone but these may be signed for. */
const forget = async ({ db }: WorkerCtx, uncovered: readonly string[]): Promise<void> => {
  const where = { signingError: { not: null }, apex: { notIn: [...uncovered] } };
  await db.zone.updateMany({ where, data: { signingErrorCode: null, signingError: null } });
};

/** Errors: issuer-unavailable (no root), key-unreadable. */
async function makeIntermediate(ctx: WorkerCtx, apexes: readonly Hostname[], before: number): Promise<void> {
  const root = await ctx.db.issuer.findUnique({ where: { slug: 'root' } });
  const sign = root === null ? null : (await ctx.issuer(root)).authority?.signIntermediate;
  if (!sign) throw new HostmasterError('issuer-unavailable', 'The internal root has not been made yet.');
  const made = await sign(apexes);
  await transact(ctx.db, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${authorityLock})`;
    // Another worker made one meanwhile: this one is forgotten, and the next read of a zone looks again.
    const count = await tx.issuer.count({ where: { kind } });
    if (count > before) return;
    const slug = `${kind}-${count + 1}`;
    await storeIssuer(tx, ctx, { slug, kind, name: 'Internal CA', permittedSuffixes: apexes, profile: 'server' }, made);
  });
}
