// /livez: the process answers. /readyz: the database answers and a sweep ran lately. /metrics: Prometheus text.
import { createServer, type Server } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openCampaignStates } from '@hostmaster/core/campaign/state';
import { isStanding, isWorking } from '@hostmaster/core/operation/workforce';
import type { Published } from '@hostmaster/core/pki/freshness';
import type { Db } from '@hostmaster/db/client';
import { seenLanes } from '@hostmaster/db/lane';
import { publishedStatus } from '@hostmaster/db/published-status';
import { unfinished } from '@hostmaster/db/state-lists';
import { seenWorkers } from '@hostmaster/db/worker-heartbeat';
import type { Counters } from './lanes.ts';

export type HealthSources = { readonly db: Db; readonly lastSweep: () => Date | null; readonly counters: Counters };

const readyWithinMilliseconds = 30_000;

/** Milliseconds between two looks; what is shorter is not seen. */
const lagResolution = 10;
const lag = monitorEventLoopDelay({ resolution: lagResolution });

/** Under the names that Prometheus' own libraries use. The longest lag is that since it was last asked for. */
function processMetrics(): string[] {
  const { user, system } = process.cpuUsage();
  const longest = Math.max(0, lag.max / 1e9 - lagResolution / 1000);
  lag.reset();
  return [
    '# TYPE process_cpu_seconds_total counter',
    `process_cpu_seconds_total ${(user + system) / 1e6}`,
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    '# TYPE nodejs_eventloop_lag_max_seconds gauge',
    `nodejs_eventloop_lag_max_seconds ${longest}`,
  ];
}

/** When the first of what an issuer publishes is over; nothing of what it does not publish. */
const untilMetric = (issuer: string, kind: 'crl' | 'ocsp', { until }: Published): string[] =>
  until === null ? [] : [`hostmaster_revocation_until_timestamp_seconds{issuer="${issuer}",kind="${kind}"} ${until.getTime() / 1000}`];

async function metrics({ db, lastSweep, counters }: HealthSources): Promise<string> {
  const states = await db.operation.groupBy({
    by: ['state'],
    _count: true,
    where: { state: { in: [...unfinished, 'failed'] } },
  });
  const outbox = await db.outbox.count();
  const workers = await seenWorkers(db);
  const working = workers.filter(isWorking).length;
  const lanes = await seenLanes(db);
  const published = await publishedStatus(db);
  const campaigns = await db.campaign.groupBy({ by: ['state'], _count: true, where: { state: { in: [...openCampaignStates] } } });
  return [
    '# TYPE hostmaster_jobs_total counter',
    `hostmaster_jobs_total ${counters.jobs}`,
    '# TYPE hostmaster_jobs_failed_total counter',
    `hostmaster_jobs_failed_total ${counters.failed}`,
    '# TYPE hostmaster_operations gauge',
    ...states.map(({ state, _count }) => `hostmaster_operations{state="${state}"} ${_count}`),
    '# TYPE hostmaster_outbox_rows gauge',
    `hostmaster_outbox_rows ${outbox}`,
    '# TYPE hostmaster_workers gauge',
    `hostmaster_workers{state="working"} ${working}`,
    `hostmaster_workers{state="silent"} ${workers.length - working}`,
    '# TYPE hostmaster_lane_standing gauge',
    ...lanes.map((each) => `hostmaster_lane_standing{lane="${each.lane}"} ${isStanding(each) ? 1 : 0}`),
    '# TYPE hostmaster_revocation_until_timestamp_seconds gauge',
    ...published.flatMap(({ slug, lists, responses }) => [...untilMetric(slug, 'crl', lists), ...untilMetric(slug, 'ocsp', responses)]),
    '# TYPE hostmaster_campaigns gauge',
    ...openCampaignStates.map(
      (state) => `hostmaster_campaigns{state="${state}"} ${campaigns.find((each) => each.state === state)?._count ?? 0}`,
    ),
    '# TYPE hostmaster_last_sweep_timestamp_seconds gauge',
    `hostmaster_last_sweep_timestamp_seconds ${(lastSweep()?.getTime() ?? 0) / 1000}`,
    ...processMetrics(),
    '',
  ].join('\n');
}

export async function startHealth(address: string, port: number, sources: HealthSources): Promise<Server> {
  lag.enable();
  const answers: Readonly<Record<string, () => Promise<[number, string]>>> = {
    '/livez': async () => [200, 'alive\n'],
    '/readyz': async () => {
      await sources.db.$queryRaw`SELECT 1`;
      const age = Date.now() - (sources.lastSweep()?.getTime() ?? 0);
      return age < readyWithinMilliseconds ? [200, 'ready\n'] : [503, 'the last sweep is too long ago\n'];
    },
    '/metrics': async () => [200, await metrics(sources)],
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    const reply = (status: number, body: string) => response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
    if (request.method !== 'GET' || answer === undefined) reply(404, 'not found\n');
    else
      answer().then(
        ([status, body]) => reply(status, body),
        () => reply(503, 'the database does not answer\n'),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  return server;
}
