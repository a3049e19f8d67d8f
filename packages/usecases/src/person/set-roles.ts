import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { OrganisationRole } from '@hostmaster/core/policy/roles';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

/** Says what somebody may do in the organisation; it counts from their next request on. Errors: forbidden, not-found. */
export async function setRoles(ctx: Ctx, input: { readonly email: string; readonly roles: readonly OrganisationRole[] }): Promise<void> {
  authorize(ctx.actor, 'person.manage');
  const now = ctx.clock.now();
  const email = input.email.trim().toLowerCase();
  await transact(ctx.db, async (tx) => {
    const person = await tx.person.findUnique({ where: { email } });
    if (person === null) throw new HostmasterError('not-found', `Nobody has the address ${email}.`);
    await tx.person.update({ where: { id: person.id }, data: { roles: [...input.roles] } });
    await audit(tx, ctx, 'person.set-roles', { id: person.id, name: email }, { before: person.roles, after: input.roles }, now);
  });
}
