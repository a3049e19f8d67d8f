import type { zoneList } from '@hostmaster/core/contract/zone';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { presentZone, zoneRead } from './present.ts';

/** Far more than one organisation connects by hand. */
const most = 1_000;

/** Every managed zone, by apex and view. Errors: forbidden. */
export async function listZones(ctx: Ctx): Promise<z.output<typeof zoneList>> {
  authorize(ctx.actor, 'zone.read');
  const rows = await ctx.db.zone.findMany({ orderBy: [{ apex: 'asc' }, { view: 'asc' }], take: most, ...zoneRead });
  return { rows: rows.map(presentZone) };
}
