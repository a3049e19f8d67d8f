import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';
import type { CampaignScope } from '../contract/campaign.ts';
import type { RevocationReason } from '../pki/issuer.ts';
import type { CampaignAction } from './state.ts';

type Planned = {
  readonly action: CampaignAction;
  readonly reason: RevocationReason | null;
  readonly scope: CampaignScope;
  readonly asOf: Date;
};

/**
 * SHA-256 of what is done to which certificates, as lower-case hex. The pace is not in it, which may be changed once it is
 * started, and
 * neither are the counts: of what was shown some certificates end before it starts, and none comes to it.
 */
export function campaignPlanHash({ action, reason, scope, asOf }: Planned): string {
  const { issuers, serials, ...rest } = scope;
  const sorted = (list: readonly string[] | undefined) => (list === undefined ? undefined : [...new Set(list)].toSorted());
  const planned = { action, reason, asOf: asOf.toISOString(), scope: { ...rest, issuers: sorted(issuers), serials: sorted(serials) } };
  return createHash('sha256').update(canonicalJson(planned)).digest('hex');
}
