import type { createdToken, TokenInput } from '@hostmaster/core/contract/account';
import { day } from '@hostmaster/core/duration';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { authorize, rolesFor, scopesOf } from '@hostmaster/core/policy/authorize';
import { lockTokensOf, tokenStands } from '@hostmaster/db/token';
import { transact } from '@hostmaster/db/transaction';
import type { z } from 'zod';
import { personBehind } from '../actor.ts';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { presentToken, tokenInclude } from './present.ts';
import { newTokenSecret, tokenHash } from './secret.ts';

/**
 * Makes a token that can do no more than its maker, and no longer; the answer is the only one that ever holds it. Of the maker's roles it
 * carries those that its scopes were made for, as long as the owner has them.
 * Errors: forbidden, naming every scope and team that the maker does not hold.
 */
export async function createToken(ctx: Ctx, input: TokenInput): Promise<z.output<typeof createdToken>> {
  const { actor } = ctx;
  const violations = notHeld(ctx, input);
  if (violations.length > 0) throw new HostmasterError('forbidden', 'A token holds no more than its maker does.', { violations });
  authorize(actor, 'token.create', { teams: input.teams, scopes: input.scopes });
  const ownerId = personBehind(actor);
  if (ownerId === null) throw new HostmasterError('forbidden', 'A token needs a person who answers for it.');
  const secret = newTokenSecret();
  const now = ctx.clock.now();
  const expiresAt = await endOf(ctx, new Date(now.getTime() + input.days * day));
  const teamIds = actor.teams.filter(({ slug }) => input.teams.includes(slug)).map(({ id }) => id);
  const makerId = actor.kind === 'service' ? actor.id : null;
  return transact(ctx.db, async (tx) => {
    await lockTokensOf(tx, ownerId);
    if (makerId !== null && !(await tokenStands(tx, makerId, now)))
      throw new HostmasterError('not-signed-in', 'The token that asks for this one was revoked.');
    const token = await tx.serviceToken.create({
      data: {
        name: input.name,
        hash: tokenHash(secret),
        ownerId,
        makerId,
        scopes: [...new Set(input.scopes)],
        roles: [...rolesFor(actor, input.scopes)],
        createdAt: now,
        expiresAt,
        teams: { create: teamIds.map((teamId) => ({ teamId })) },
      },
      include: tokenInclude,
    });
    const answer = presentToken(token);
    const { scopes, teams, expiresAt: until } = answer;
    await audit(tx, ctx, 'token.create', { id: token.id, name: token.name }, { scopes, teams, expiresAt: until }, now);
    return { ...answer, token: secret };
  });
}

/** The wished end, or that of the token that makes this one: whoever got hold of a token must not keep what it opens. */
async function endOf({ actor, db }: Ctx, wished: Date): Promise<Date> {
  if (actor.kind !== 'service') return wished;
  const maker = await db.serviceToken.findFirst({ where: { id: actor.id }, select: { expiresAt: true } });
  return maker !== null && maker.expiresAt < wished ? maker.expiresAt : wished;
}

function notHeld({ actor }: Ctx, input: TokenInput): Violation[] {
  const held = scopesOf(actor);
  const slugs = actor.teams.map(({ slug }) => slug);
  return [
    ...input.scopes
      .filter((scope) => !held.includes(scope))
      .map((scope) => ({
        rule: 'scope-not-held',
        path: 'scopes',
        reason: `You cannot use ${scope} yourself.`,
        remedy: held.length === 0 ? 'Ask for the role that it needs.' : `Choose among ${held.join(', ')}.`,
      })),
    ...input.teams
      .filter((team) => !slugs.includes(team))
      .map((team) => ({
        rule: 'team-not-held',
        path: 'teams',
        reason: `You are not a member of ${team}.`,
        remedy: slugs.length === 0 ? 'Leave the teams out.' : `Choose among ${slugs.join(', ')}.`,
      })),
  ];
}
