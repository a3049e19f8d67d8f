import { hashPassword } from '@hostmaster/core/person/password';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { addPerson, type PersonOfName } from './add.ts';
import { checkNewPassword } from './check-password.ts';

/**
 * Adds somebody with a local account who may sign in at once: for whoever holds the database, before anybody can invite.
 * Errors: forbidden, invalid-input (the password), already-exists (the e-mail address or the account).
 */
export async function createPerson(ctx: Ctx, person: PersonOfName & { readonly password: string }): Promise<{ id: string }> {
  authorize(ctx.actor, 'person.manage');
  const now = ctx.clock.now();
  const email = person.email.trim().toLowerCase();
  const account = person.account?.trim().toLowerCase() ?? null;
  checkNewPassword(person.password, { ...person, email, account });
  const hash = await hashPassword(person.password);
  return transact(ctx.db, async (tx) => {
    const { id } = await addPerson(tx, { ...person, email, account }, now);
    await tx.password.create({ data: { personId: id, hash, changedAt: now } });
    await audit(tx, ctx, 'person.create', { id, name: email }, { roles: person.roles, oidcSubject: null }, now);
    return { id };
  });
}
