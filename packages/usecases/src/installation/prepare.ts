import { appendAudit } from '@hostmaster/db/audit';
import { transact } from '@hostmaster/db/transaction';
import { auditActor } from '../actor-audit.ts';
import type { WorkerCtx } from '../context.ts';

const preparationLock = 4_072_003;

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
  const made = await ctx.authority.createRoot();
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${preparationLock})`;
    const other = await tx.issuer.findUnique({ where: { slug: 'root' } });
    if (other !== null) return { rootPem: other.chainPem };
    await tx.environment.createMany({ data: environments, skipDuplicates: true });
    const row = await tx.issuer.create({
      data: {
        slug: 'root',
        kind: 'internal-root',
        name: 'Internal root',
        chainPem: made.chainPem,
        permittedSuffixes: [],
        profile: {},
        keyId: made.key.keyId,
        keyCiphertext: Buffer.from(made.key.ciphertext),
        createdAt: now,
      },
    });
    await appendAudit(tx, {
      ...auditActor(ctx.actor),
      at: now,
      action: 'issuer.create',
      subjectKind: 'issuer',
      subjectId: row.id,
      subject: 'root',
      detail: {},
    });
    return { rootPem: made.chainPem };
  });
}
