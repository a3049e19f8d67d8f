import type { DiscoveredRow } from '@hostmaster/core/contract/discovery';
import type { LikelyOwner } from '@hostmaster/core/discovery/likely-owner';
import type { DiscoveredListed } from '@hostmaster/db/discovered';
import { timestampOf, timestampOrNull } from '../timestamp.ts';

export const presentDiscovered = (
  { scopeName: _, scopeTeam: __, ends: ___, ...row }: DiscoveredListed,
  owner: LikelyOwner | null,
): DiscoveredRow => ({
  ...row,
  notBefore: timestampOrNull(row.notBefore),
  notAfter: timestampOrNull(row.notAfter),
  firstSeenAt: timestampOf(row.firstSeenAt),
  lastSeenAt: timestampOf(row.lastSeenAt),
  owner,
});
