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

/** Makes the internal root and the environments at the first start; later starts and other workers find them. Errors: key-unreadable. */
export async function prepareInstallation(ctx: WorkerCtx): Promise<{ rootPem: string }> {
  const there = await ctx.db.issuer.findFirst({ where: { kind: rootKind, state: 'active' } });
  if (there !== null) return { rootPem: there.chainPem };
  const made = await ctx.authorities.root({ key: 'ecdsa-p384', added: false });
  return transact(ctx.db, async (tx) => {
    await lock(tx, 'preparation');
    const other = await tx.issuer.findFirst({ where: { kind: rootKind, state: 'active' } });
    if (other !== null) return { rootPem: other.chainPem };
    await tx.environment.createMany({ data: environments, skipDuplicates: true });
    const root = { slug: 'root', kind: rootKind, name: 'Internal root', permittedSuffixes: [], profile: null } as const;
    return { rootPem: (await storeIssuer(tx, ctx, root, made)).chainPem };
  });
}
