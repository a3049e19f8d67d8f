import type { View } from '@hostmaster/core/dns/view';
import { isWithin } from '@hostmaster/core/hostname/hostname';
import { isStoredHostname, storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import type { Db } from '@hostmaster/db/client';
import { literal } from '@hostmaster/db/like';

/** The suffixes below a zone's apex under which its names may be claimed, and which no zone below it holds; by name. */
export async function claimedBelow(db: Db, { apex, view }: { readonly apex: string; readonly view: View }): Promise<string[]> {
  const below = { endsWith: `.${literal(apex)}` };
  const [grants, zones] = await Promise.all([
    db.grant.findMany({
      where: { revokedAt: null, views: { has: view }, suffix: below },
      select: { suffix: true },
      distinct: ['suffix'],
      orderBy: { suffix: 'asc' },
    }),
    db.zone.findMany({ where: { view, apex: below }, select: { apex: true } }),
  ]);
  const children = zones.map((zone) => zone.apex).filter(isStoredHostname);
  return grants.map(({ suffix }) => storedHostname(suffix)).filter((suffix) => !children.some((child) => isWithin(suffix, child)));
}
