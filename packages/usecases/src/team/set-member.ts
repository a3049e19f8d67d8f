import { HostmasterError } from '@hostmaster/core/errors';
import { authorize, authorizeAtDoor } from '@hostmaster/core/policy/authorize';
import type { MembershipRole } from '@hostmaster/core/policy/roles';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { isUnknownTeam } from './unknown.ts';

export type Membership = {
  readonly team: string;
  readonly email: string;
  /** null takes somebody out of the team. */
  readonly role: MembershipRole | null;
};

/** Puts somebody into a team, changes their role in it, or takes them out. Errors: forbidden, not-found. */
export async function setMember(ctx: Ctx, { team, email, role }: Membership): Promise<void> {
  authorizeAtDoor(ctx.actor, 'team.change-members');
  if (await isUnknownTeam(ctx, team)) throw noTeam(team);
  authorize(ctx.actor, 'team.change-members', { team });
  const now = ctx.clock.now();
  await transact(ctx.db, async (tx) => {
    const [into, person] = await Promise.all([
      tx.team.findUnique({ where: { slug: team } }),
      tx.person.findUnique({ where: { email: email.trim().toLowerCase() } }),
    ]);
    if (into === null) throw noTeam(team);
    if (person === null) throw nobody(email);
    const key = { teamId: into.id, personId: person.id };
    if (role === null) {
      const { count } = await tx.membership.deleteMany({ where: key });
      if (count === 0) throw new HostmasterError('not-found', `${person.email} is not in the team ${team}.`);
    } else {
      const before = await tx.membership.findUnique({ where: { teamId_personId: key }, select: { role: true } });
      if (before?.role === role) return;
      await tx.membership.upsert({ where: { teamId_personId: key }, create: { ...key, role }, update: { role } });
    }
    await audit(tx, ctx, 'team.set-member', { id: into.id, name: team }, { person: person.email, role }, now);
  });
}

const noTeam = (team: string): HostmasterError => new HostmasterError('not-found', `There is no team ${team}.`);

function nobody(email: string): HostmasterError {
  const reason = `Nobody has the address ${email}.`;
  const remedy = 'Correct it, or ask a platform admin to invite them under People.';
  return new HostmasterError('not-found', reason, { violations: [{ rule: 'no-such-person', path: 'email', reason, remedy }] });
}
