import type { RequestInput } from '@hostmaster/core/contract/request';
import { HostmasterError } from '@hostmaster/core/errors';
import { parseHostname } from '@hostmaster/core/hostname/parse-hostname';
import { authorize, authorizeAtDoor, may } from '@hostmaster/core/policy/authorize';
import type { Reader } from '@hostmaster/db/client';
import { unretired } from '@hostmaster/db/state-lists';
import type { Ctx } from '../context.ts';
import { isUnknownTeam } from '../team/unknown.ts';

/** The team that a request is made for: the one that the contract names; for a transfer, where that one receives, the one that holds the name. */
export async function actingTeam(db: Reader, { kind, contract }: RequestInput): Promise<string> {
  if (kind !== 'transfer') return contract.team;
  const parsed = parseHostname(contract.hostname);
  const held = parsed.ok
    ? await db.endpoint.findFirst({
        where: { hostname: parsed.hostname, view: contract.view, state: { in: unretired } },
        select: { team: { select: { slug: true } } },
      })
    : null;
  return held?.team.slug ?? contract.team;
}

/**
 * Whether the actor may ask for that team. That there is no such team is said to whoever may read teams: nobody is in it.
 * Errors: forbidden, invalid-input (a team that is not there).
 */
export async function authorizeAsked(ctx: Ctx, action: 'request.create' | 'request.check', input: RequestInput): Promise<void> {
  const { actor, db } = ctx;
  const team = await actingTeam(db, input);
  authorizeAtDoor(actor, action);
  if (!may(actor, action, { team }) && (await isUnknownTeam(ctx, team))) {
    const reason = `There is no team ${team}.`;
    const remedy = 'Give the short name of a team that you are in.';
    throw new HostmasterError('invalid-input', reason, { violations: [{ rule: 'team-exists', path: 'contract.team', reason, remedy }] });
  }
  authorize(actor, action, { team });
}
