import type { View } from '@hostmaster/core/dns/view';
import { nameLabels } from '@hostmaster/core/dns/wire/name';
import type { Reader } from '@hostmaster/db/client';

/** The zone in which Hostmaster keeps a name, whatever stands there: the longest apex of the view; null where it keeps none. */
export async function zoneKeeping(db: Reader, name: string, view: View) {
  const apexes = nameLabels(name).map(({ suffix }) => suffix);
  const zones = await db.zone.findMany({ where: { apex: { in: apexes }, view, givenUpAt: null } });
  const [zone = null] = zones.sort((a, b) => b.apex.length - a.apex.length);
  return zone;
}
