import type { EnvironmentInput, EnvironmentRow } from '@hostmaster/core/contract/environment';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

/** Makes an environment that grants, zones and clusters can then name. Errors: forbidden, already-exists. */
export async function createEnvironment(ctx: Ctx, { slug, name, rank }: EnvironmentInput): Promise<EnvironmentRow> {
  authorize(ctx.actor, 'environment.create');
  return transact(ctx.db, async (tx) => {
    if ((await tx.environment.findUnique({ where: { slug } })) !== null)
      throw new HostmasterError('already-exists', `There is an environment ${slug} already.`);
    const row = await tx.environment.create({ data: { slug, name, rank } });
    await audit(tx, ctx, 'environment.create', { id: slug, name: slug }, { name, rank });
    return { ...row, uses: [] };
  });
}
