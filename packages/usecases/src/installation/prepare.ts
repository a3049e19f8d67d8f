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
  const there = await ctx.db.issuer.findUnique({ where: { slug: 'root' } });
  if (there !== null) return { rootPem: there.chainPem };
  const made = await ctx.createRoot();
  return transact(ctx.db, async (tx) => {
    await lock(tx, 'preparation');
    const other = await tx.issuer.findUnique({ where: { slug: 'root' } });
    if (other !== null) return { rootPem: other.chainPem };
    await tx.environment.createMany({ data: environments, skipDuplicates: true });
    const root = { slug: 'root', kind: 'internal-root', name: 'Internal root', permittedSuffixes: [], profile: null } as const;
    return { rootPem: (await storeIssuer(tx, ctx, root, made)).chainPem };
  });
}
