import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { MembershipRole } from '@hostmaster/core/policy/roles';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

export type Membership = {
  readonly team: string;
  readonly email: string;
  /** null takes somebody out of the team. */
  readonly role: MembershipRole | null;
};

/** Puts somebody into a team, changes their role in it, or takes them out. Errors: forbidden, not-found. */
export async function setMember(ctx: Ctx, { team, email, role }: Membership): Promise<void> {
  authorize(ctx.actor, 'team.change-members', { team });
  const now = ctx.clock.now();
  await transact(ctx.db, async (tx) => {
    const [into, person] = await Promise.all([
      tx.team.findUnique({ where: { slug: team } }),
      tx.person.findUnique({ where: { email: email.trim().toLowerCase() } }),
    ]);
    if (into === null) throw new HostmasterError('not-found', `There is no team ${team}.`);
    if (person === null) throw nobody(email);
    const key = { teamId: into.id, personId: person.id };
    if (role === null) {
      const { count } = await tx.membership.deleteMany({ where: key });
      if (count === 0) throw new HostmasterError('not-found', `${person.email} is not in the team ${team}.`);
    } else await tx.membership.upsert({ where: { teamId_personId: key }, create: { ...key, role }, update: { role } });
    await audit(tx, ctx, 'team.set-member', { id: into.id, name: team }, { person: person.email, role }, now);
  });
}

function nobody(email: string): HostmasterError {
  const reason = `Nobody has the address ${email}.`;
  const remedy = 'Correct it, or ask a platform admin to invite them under People.';
  return new HostmasterError('not-found', reason, { violations: [{ rule: 'no-such-person', path: 'email', reason, remedy }] });
}
