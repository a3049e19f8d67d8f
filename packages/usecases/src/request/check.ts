import type { CheckInput, CheckResult } from '@hostmaster/core/contract/request';
import { toUnicode } from '@hostmaster/core/hostname/parse-hostname';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { Ctx } from '../context.ts';
import { timestampOrNull } from '../timestamp.ts';
import { actingTeam } from './acting-team.ts';
import { leadTime } from './lead-time.ts';
import { nowhere, type Proposal, presentDecision, propose } from './propose.ts';
import { readServers } from './stored.ts';

/**
 * The verdict and the plan, while typing; nothing is stored. Without a target the rules on targets find nothing to judge,
 * and the plan says nothing of records. Errors: forbidden (not of the team).
 */
export async function checkRequest(ctx: Ctx, { kind, contract }: CheckInput): Promise<CheckResult> {
  const input = { kind, contract: { ...contract, target: contract.target ?? nowhere } };
  authorize(ctx.actor, 'request.check', { team: await actingTeam(ctx.db, input) });
  const proposal = await propose(ctx.db, ctx.clock.now(), input);
  return {
    decision: presentDecision(proposal.decision),
    reading: readName(proposal),
    environment: proposal.decision.facts.environment,
    plan: proposal.completed?.plan ?? null,
    leadTime: await leadTime(ctx.db, proposal.decision.outcome),
  };
}

/** How the name reads from right to left: the zone, the granted suffix, and what is the asker's to choose. */
function readName({ loaded, decision }: Proposal): CheckResult['reading'] {
  const { hostname, zone, ground } = loaded;
  if (hostname === null) return null;
  const match = ground.grants.find(hostname, ground.now);
  const grant = match?.grants.find(({ team }) => decision.facts.grantedSuffix?.teams.includes(team)) ?? match?.grants[0];
  const below = match?.suffix ?? zone?.apex ?? null;
  const unicode = toUnicode(hostname);
  const labels = unicode.split('.');
  return {
    hostname,
    unicode,
    yours: below === null ? unicode : labels.slice(0, labels.length - below.split('.').length).join('.'),
    granted:
      match === null || grant === undefined ? null : { suffix: match.suffix, team: grant.team, until: timestampOrNull(grant.expiresAt) },
    zone:
      zone === null ? null : { apex: zone.apex, view: zone.view, owner: zone.ownerTeam.slug, servers: readServers(zone.servers).length },
  };
}
