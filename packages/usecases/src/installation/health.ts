import { isStanding, isWorking, workforceOf } from '@hostmaster/core/operation/workforce';
import { freshnessOf, worstFreshness } from '@hostmaster/core/pki/freshness';
import { awayIssuers } from '@hostmaster/db/away-issuers';
import { seenLanes } from '@hostmaster/db/lane';
import { publishedStatus } from '@hostmaster/db/published-status';
import { seenWorkers } from '@hostmaster/db/worker-heartbeat';
import type { Ctx } from '../context.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';

/**
 * Whether everything that requests need is there, for monitoring that has no account: `degraded` while no worker works, none takes up
 * what waits in a lane, or what is published of revocations is late. What it depends on and others run stands beside that: how many zones
 * could not be read the last time, and how many issuers cannot be asked. It tells no host and no name. Errors: those of the database.
 */
export async function readHealth({ db, clock }: Pick<Ctx, 'db' | 'clock'>) {
  const [workers, lanes, published, away, unreadZones] = await Promise.all([
    seenWorkers(db),
    seenLanes(db),
    publishedStatus(db),
    awayIssuers(db),
    db.zone.count({ where: { givenUpAt: null, syncError: { not: null } } }),
  ]);
  const revocation = worstFreshness(published.flatMap((each) => [each.lists, each.responses].map((one) => freshnessOf(one, clock.now()))));
  return {
    status: workforceOf(workers, lanes).state === 'working' && revocation === 'fresh' ? 'ok' : 'degraded',
    revocation,
    nameServers: { state: unreadZones === 0 ? 'answering' : 'failing', unreadZones },
    issuers: { state: away.length === 0 ? 'answering' : 'failing', unavailable: away.length },
    workers: workers.map((worker) => ({
      id: worker.id,
      state: isWorking(worker) ? 'working' : 'silent',
      startedAt: timestampOf(worker.startedAt),
      lastSeenAt: timestampOf(worker.lastSeenAt),
      secondsAgo: Math.max(0, Math.round(worker.secondsAgo)),
    })),
    lanes: lanes.map((seen) => ({
      lane: seen.lane,
      state: isStanding(seen) ? 'standing' : 'working',
      takenAt: timestampOrNull(seen.takenAt),
      waitingSince: timestampOrNull(seen.waitingSince),
    })),
  } as const;
}
