import { isCertificateOnly } from '@hostmaster/core/contract/endpoint';
import type { CheckInput, CheckResult } from '@hostmaster/core/contract/request';
import { withoutEffect } from '@hostmaster/core/contract/without-effect';
import { contentOf } from '@hostmaster/core/pki/leaf-content';
import { takesBrought } from '@hostmaster/core/pki/source-traits';
import { whyNobodySigns } from '../certificate/choose-issuer.ts';
import { certificateNames } from '../certificate/fitting.ts';
import type { Ctx } from '../context.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { timestampOrNull } from '../timestamp.ts';
import { authorizeAsked } from './acting-team.ts';
import { leadTime } from './lead-time.ts';
import { nowhere, type Proposal, presentDecision, propose } from './propose.ts';

/**
 * The verdict and the plan, while typing; nothing is stored. Without a target the rules on targets find nothing to judge,
 * and the plan says nothing of records. Errors: forbidden (not of the team), invalid-input (there is no such team).
 */
export async function checkRequest(ctx: Ctx, { kind, contract }: CheckInput): Promise<CheckResult> {
  const input = { kind, contract: { ...contract, target: contract.target ?? nowhere } };
  await authorizeAsked(ctx, 'request.check', input);
  const proposal = await propose(ctx, input);
  const zoneId = proposal.site.zone?.id ?? null;
  const [workforce, unsigned, zone] = await Promise.all([
    readWorkforce(ctx.db),
    whyUnsigned(ctx, proposal),
    zoneId === null ? null : ctx.db.zone.findUnique({ where: { id: zoneId }, select: { apex: true, syncedAt: true, syncError: true } }),
  ]);
  return {
    decision: presentDecision(proposal.decision),
    reading: readName(proposal),
    environment: proposal.decision.facts.environment,
    port: proposal.completed?.contract.routing.port ?? null,
    plan: proposal.completed?.plan ?? null,
    withoutEffect: [...withoutEffect(input.contract)],
    leadTime: await leadTime(ctx.db, proposal.decision.outcome, {
      workforce,
      zone,
      unsigned,
      called: isCertificateOnly(input.contract) ? 'issued' : 'live',
    }),
  };
}

/** Why nobody signs the certificate that is to be issued, one that is stopped or its own team, say; null where somebody does, or none is to be. */
async function whyUnsigned(ctx: Ctx, { completed }: Proposal): Promise<string | null> {
  const certificate = completed?.plan.certificate ?? null;
  if (completed === null || certificate?.action !== 'issue') return null;
  if (takesBrought(completed.contract)) return 'its team imports the certificate.';
  return whyNobodySigns(ctx, certificate.source, certificateNames(completed.contract), contentOf(completed.contract.tls));
}

/** How the name reads from right to left: the zone, the granted suffix, and what is the asker's to choose. */
function readName({ site: { zone }, decision: { facts } }: Proposal): CheckResult['reading'] {
  const { name, granted } = facts;
  if (name === null) return null;
  const { hostname, unicode } = name;
  const below = granted?.suffix ?? zone?.apex ?? null;
  const labels = unicode.split('.');
  return {
    hostname,
    unicode,
    yours: below === null ? unicode : labels.slice(0, labels.length - below.split('.').length).join('.'),
    granted: granted === null ? null : { suffix: granted.suffix, team: granted.team, until: timestampOrNull(granted.until) },
    zone: zone === null ? null : { apex: zone.apex, view: zone.view, owner: zone.ownerTeam, servers: zone.servers.length },
  };
}
