import { HostmasterError } from '@hostmaster/core/errors';
import { hashPassword } from '@hostmaster/core/person/password';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { OrganisationRole } from '@hostmaster/core/policy/roles';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

export type NewPerson = {
  readonly account: string | null;
  readonly email: string;
  readonly name: string;
  /** null for somebody who signs in through the OIDC provider only. */
  readonly password: string | null;
  readonly roles: readonly OrganisationRole[];
};

/** Adds somebody with a local account. Errors: forbidden, already-exists (the e-mail address or the account). */
export async function createPerson(ctx: Ctx, person: NewPerson): Promise<{ id: string }> {
  authorize(ctx.actor, 'person.manage');
  const now = ctx.clock.now();
  const email = person.email.trim().toLowerCase();
  const account = person.account?.trim().toLowerCase() ?? null;
  const passwordHash = person.password === null ? null : await hashPassword(person.password);
  return transact(ctx.db, async (tx) => {
    const same = await tx.person.count({ where: { OR: [{ email }, ...(account === null ? [] : [{ account }])] } });
    if (same > 0)
      throw new HostmasterError(
        'already-exists',
        `There is somebody with the address ${email}${account === null ? '' : ` or the account ${account}`}.`,
      );
    const row = await tx.person.create({
      data: { account, email, name: person.name, passwordHash, roles: [...person.roles], createdAt: now },
    });
    await audit(tx, ctx, 'person.create', { id: row.id, name: email }, { roles: person.roles, oidcSubject: null }, now);
    return { id: row.id };
  });
}
