import { isDeepStrictEqual } from 'node:util';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { OrganisationRole } from '@hostmaster/core/policy/roles';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { holdPerson } from './last-admin.ts';

type Whose = { readonly id: string } | { readonly email: string };

/** Says what somebody may do in the organisation; it counts from their next request on. Errors: forbidden, not-found, last-admin. */
export async function setRoles(ctx: Ctx, input: Whose & { readonly roles: readonly OrganisationRole[] }): Promise<void> {
  authorize(ctx.actor, 'person.manage');
  const now = ctx.clock.now();
  const roles = [...new Set(input.roles)];
  const where = 'id' in input ? { id: input.id } : { email: input.email.trim().toLowerCase() };
  await transact(ctx.db, async (tx) => {
    const found = await tx.person.findFirst({ where, select: { id: true, name: true } });
    if (found === null)
      throw new HostmasterError('not-found', 'id' in where ? `There is no person ${where.id}.` : `Nobody has the address ${where.email}.`);
    const { id } = found;
    await holdPerson(tx, found, roles.includes('platform-admin'));
    const { roles: before, email } = await tx.person.findFirstOrThrow({ where: { id }, select: { roles: true, email: true } });
    if (isDeepStrictEqual([...before].sort(), [...roles].sort())) return;
    await tx.person.update({ where: { id }, data: { roles } });
    await audit(tx, ctx, 'person.set-roles', { id, name: email }, { before, after: roles }, now);
  });
}
