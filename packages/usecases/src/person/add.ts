import { HostmasterError } from '@hostmaster/core/errors';
import type { OrganisationRole } from '@hostmaster/core/policy/roles';
import type { Tx } from '@hostmaster/db/client';

export type PersonOfName = {
  readonly account: string | null;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly OrganisationRole[];
};

/** Adds somebody who cannot sign in yet. Errors: already-exists, saying what to do about whoever has the address or the account. */
export async function addPerson(tx: Tx, { account, email, name, roles }: PersonOfName, now: Date): Promise<{ id: string }> {
  const same = await tx.person.findFirst({
    where: { OR: [{ email }, ...(account === null ? [] : [{ account }])] },
    select: { email: true, disabledAt: true },
  });
  if (same !== null) throw new HostmasterError('already-exists', whoThereIs(same, email, account), { violations: [existing(same, email)] });
  return tx.person.create({ data: { account, email, name, roles: [...roles], createdAt: now }, select: { id: true } });
}

type Same = { readonly email: string; readonly disabledAt: Date | null };

const whoThereIs = (same: Same, email: string, account: string | null): string =>
  same.email === email ? `There is somebody with the address ${email} already.` : `${same.email} has the account ${account} already.`;

const existing = (same: Same, email: string) => ({
  rule: 'already-exists',
  path: same.email === email ? 'email' : 'account',
  reason: same.email === email ? 'There is somebody with this address already.' : `${same.email} has this account already.`,
  remedy:
    same.email !== email
      ? 'Choose another account.'
      : same.disabledAt === null
        ? 'Open them under People: there are their roles, their teams, and a new link to set a password.'
        : 'They are disabled. Open them under People and enable them.',
});
