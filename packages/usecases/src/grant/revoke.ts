import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

/** Takes a grant back; names that are live stay. Errors: forbidden, not-found (also where it was revoked before). */
export async function revokeGrant(ctx: Ctx, { id }: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'grant.revoke');
  const now = ctx.clock.now();
  await transact(ctx.db, async (tx) => {
    const { count } = await tx.grant.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: now } });
    const row = count === 0 ? null : await tx.grant.findUnique({ where: { id }, include: { team: { select: { slug: true } } } });
    if (row === null) throw new HostmasterError('not-found', `There is no grant ${id}.`);
    await audit(tx, ctx, 'grant.revoke', { id, name: `${row.team.slug} ${row.suffix}` }, {}, now);
  });
}
