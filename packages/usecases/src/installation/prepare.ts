import { causeChain, HostmasterError } from '@hostmaster/core/errors';
import { rootKind } from '@hostmaster/core/pki/source-traits';
import { lock } from '@hostmaster/db/locks';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '../context.ts';
import { storeIssuer } from '../issuer/store.ts';

/** What most organisations have; grants name them. */
const environments = [
  { slug: 'dev', name: 'Development', rank: 10 },
  { slug: 'staging', name: 'Staging', rank: 20 },
  { slug: 'prod', name: 'Production', rank: 30 },
];

/**
 * Makes the environments and the internal root at the first start; later starts and other workers find them. A root whose key cannot be
 * made, as in a token that is not there, is made with a later call: until then nothing is signed, and everything else goes on.
 * @returns whether it made the root
 */
export async function prepareInstallation(ctx: WorkerCtx): Promise<boolean> {
  if ((await ctx.db.issuer.findFirst({ where: { kind: rootKind, state: 'active' }, select: { id: true } })) !== null) return false;
  await transact(ctx.db, async (tx) => {
    await lock(tx, 'preparation');
    if ((await tx.environment.count()) === 0) await tx.environment.createMany({ data: environments });
  });
  try {
    return await makeRoot(ctx);
  } catch (error) {
    if (!(error instanceof HostmasterError) || error.code !== 'key-unreadable') throw error;
    ctx.log.warn({ causes: causeChain(error) }, 'The internal root could not be made; it is tried again.');
    return false;
  }
}

/** Of several workers the first one's counts. Errors: key-unreadable. */
async function makeRoot(ctx: WorkerCtx): Promise<boolean> {
  const made = await ctx.authorities.root({ key: 'ecdsa-p384', added: false });
  return transact(ctx.db, async (tx) => {
    await lock(tx, 'preparation');
    if ((await tx.issuer.findFirst({ where: { kind: rootKind, state: 'active' }, select: { id: true } })) !== null) return false;
    const root = { slug: 'root', kind: rootKind, name: 'Internal root', permittedSuffixes: [], profile: null } as const;
    await storeIssuer(tx, ctx, root, made);
    return true;
  });
}
