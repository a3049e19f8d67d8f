import type { InviteInput, PasswordLink } from '@hostmaster/core/contract/person';
import type { Violation } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { MembershipRole } from '@hostmaster/core/policy/roles';
import type { Tx } from '@hostmaster/db/client';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { refuse } from '../violation.ts';
import { addPerson } from './add.ts';
import { makeLink } from './link.ts';

/**
 * Adds somebody with their roles and teams, who sets their own password with the link that this answer alone holds.
 * Errors: forbidden, invalid-input (a team that there is not), already-exists.
 */
export async function invite(ctx: Ctx, input: InviteInput): Promise<PasswordLink> {
  authorize(ctx.actor, 'person.manage');
  const now = ctx.clock.now();
  const { email, name, roles, teams } = input;
  return transact(ctx.db, async (tx) => {
    const memberships = await membershipsOf(tx, teams);
    const { id } = await addPerson(tx, input, now);
    await tx.membership.createMany({ data: memberships.map((membership) => ({ ...membership, personId: id })) });
    const link = await makeLink(tx, ctx, { id, name, email }, 'invitation', now);
    await audit(tx, ctx, 'person.invite', { id, name: email }, { roles, teams, until: link.expiresAt }, now);
    return link;
  });
}

async function membershipsOf(tx: Tx, wanted: InviteInput['teams']): Promise<{ teamId: string; role: MembershipRole }[]> {
  const found = await tx.team.findMany({ where: { slug: { in: wanted.map(({ team }) => team) } }, select: { id: true, slug: true } });
  const violations: Violation[] = [];
  const memberships = wanted.flatMap(({ team: slug, role }, index) => {
    const team = found.find((each) => each.slug === slug);
    if (team !== undefined) return [{ teamId: team.id, role }];
    violations.push({
      rule: 'no-such-team',
      path: `teams.${index}.team`,
      reason: `There is no team ${slug}.`,
      remedy: 'Choose a team that there is.',
    });
    return [];
  });
  refuse(violations);
  return memberships;
}
