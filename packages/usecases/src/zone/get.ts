import { isDeepStrictEqual } from 'node:util';
import type { zoneDetail } from '@hostmaster/core/contract/zone';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { unfinished } from '@hostmaster/db/state-lists';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { reaching } from '../grant/reaching.ts';
import { presentOperation } from '../operation/present.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { zoneReadSeconds } from '../sweep/due-zones.ts';
import { timestampOrNull } from '../timestamp.ts';
import { presentZone, zoneRead } from './present.ts';
import { readingOf } from './reread.ts';
import { serversOf } from './settings.ts';

const mostGrants = 200;

/** One zone, how far its reading is where one is under way, and the grants that reach into it. Errors: forbidden, not-found. */
export async function getZone(ctx: Ctx, { id }: { readonly id: string }): Promise<z.output<typeof zoneDetail>> {
  authorize(ctx.actor, 'zone.read');
  const row = await ctx.db.zone.findUnique({ where: { id }, ...zoneRead });
  if (row === null) throw new HostmasterError('not-found', `There is no zone ${id}.`);
  const [grants, grantsTotal, retiredCount, reading, workforce] = await Promise.all([
    ctx.db.grant.findMany({
      where: reaching(row),
      select: { id: true, suffix: true, team: { select: { slug: true } } },
      orderBy: [{ suffix: 'asc' }, { id: 'asc' }],
      take: mostGrants,
    }),
    ctx.db.grant.count({ where: reaching(row) }),
    ctx.db.endpoint.count({ where: { zoneId: id, state: 'retired' } }),
    ctx.db.operation.findFirst({ where: { subject: readingOf(id), state: { in: unfinished } }, orderBy: { generation: 'desc' } }),
    readWorkforce(ctx.db),
  ]);
  const turn = row.syncedAt === null ? null : new Date(row.syncedAt.getTime() + zoneReadSeconds * 1000);
  const zone = presentZone(row);
  return {
    ...zone,
    serversOfConnection: ctx.dnsProviders.has(zone.connection.kind) && isDeepStrictEqual(zone.servers, serversOf(ctx, zone.connection)),
    nextReadAt: timestampOrNull(reading === null ? turn : reading.nextAttemptAt),
    retiredCount,
    reading: reading === null ? null : presentOperation(reading, workforce),
    grantsTotal,
    grants: grants.map(({ id: grantId, suffix, team }) => ({ id: grantId, suffix, team: team.slug })),
  };
}
