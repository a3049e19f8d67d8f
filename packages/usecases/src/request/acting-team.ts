import type { RequestInput } from '@hostmaster/core/contract/request';
import { parseHostname } from '@hostmaster/core/hostname/parse-hostname';
import type { Reader } from '@hostmaster/db/client';
import { unretired } from '@hostmaster/db/state-lists';

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
