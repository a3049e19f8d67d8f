// A large zone is connected to an instance with one worker while another team asks for names: how long the reading takes, what it costs
// the worker, and what those others feel of it, beside the same requests before.
import { setTimeout as delay } from 'node:timers/promises';
import { zoneDetail, zoneRow } from '@hostmaster/core/contract/zone';
import { portsFrom } from '@hostmaster/embedded/port';
import { type DnsServer, smallZone, startDnsServer } from '@hostmaster/embedded/testing/dns-servers';
import { type Call, portalPort, type StartInstance, signedIn } from './instance.ts';
import { median, quantile } from './measure.ts';
import { type Bench, milliseconds, ratio, whole } from './report.ts';
import { requestToLive } from './request.ts';

const sizes = [300_000, 1_000_000];
const requestsBefore = 15;
const lookMilliseconds = 200;
const tsig = {
  name: 'bench-key',
  algorithm: 'hmac-sha256',
  secret: Buffer.from('example-only-not-a-secret-32byte').toString('base64'),
} as const;

const zoneText = (apex: string, count: number): string => {
  const lines = [smallZone(apex)];
  for (let at = 0; at < count; at += 1) lines.push(`host-${at} IN A 10.${(at >>> 16) & 255}.${(at >>> 8) & 255}.${at & 255}\n`);
  return lines.join('');
};

type Look = { readonly cpuSeconds: number; readonly rss: number; readonly lagSeconds: number };

/** What the worker says of its process; its longest lag is that since the last look. */
async function lookAt(port: number, signal: AbortSignal): Promise<Look> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { signal })).text();
  const value = (name: string): number => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
  return {
    cpuSeconds: value('process_cpu_seconds_total'),
    rss: value('process_resident_memory_bytes'),
    lagSeconds: value('nodejs_eventloop_lag_max_seconds'),
  };
}

type Reading = {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssBefore: number;
  readonly rss: number;
  readonly lagSeconds: number;
  readonly flows: readonly number[];
  readonly before: readonly number[];
  readonly pages: readonly number[];
};

const totalOf = async (call: Call, hostname: string, signal: AbortSignal) => (await requestToLive(call, hostname, signal)).total;

async function connectLarge(announcement: string, size: number, signal: AbortSignal): Promise<Reading> {
  const [app, platform] = [await signedIn(announcement, signal), await signedIn(announcement, signal, 'platform')];
  const metricsPort = portsFrom(portalPort(announcement)).workerHealth;
  const apex = `large-${size}.test`;
  let server: DnsServer | undefined;
  try {
    server = await startDnsServer('bind', { zones: { [apex]: zoneText(apex, size) }, tsig, patience: 120_000 });
    const before: number[] = [];
    for (let at = 0; at < requestsBefore; at += 1) before.push(await totalOf(app, `before-${size}-${at}.dev.example.test`, signal));
    const start = await lookAt(metricsPort, signal);
    const began = performance.now();
    const settings = { primary: { address: server.address, port: server.port }, tsig: { name: tsig.name, algorithm: tsig.algorithm } };
    const connection = { kind: 'rfc2136', settings, secret: tsig.secret };
    const { id } = zoneRow.parse(await platform('POST', '/zones', { apex, ownerTeam: 'platform-edge', connection, untested: true }));
    let read = false;
    const flows: number[] = [];
    const asking = (async () => {
      for (let at = 0; !read; at += 1) flows.push(await totalOf(app, `while-${size}-${at}.dev.example.test`, signal));
    })();
    let [rss, lagSeconds] = [start.rss, 0];
    const pages: number[] = [];
    let last = start;
    while (!read) {
      await delay(lookMilliseconds, undefined, { signal });
      last = await lookAt(metricsPort, signal);
      rss = Math.max(rss, last.rss);
      lagSeconds = Math.max(lagSeconds, last.lagSeconds);
      const asked = performance.now();
      const zone = zoneDetail.parse(await platform('GET', `/zones/${id}`));
      pages.push(performance.now() - asked);
      read = zone.syncedAt !== null;
    }
    const seconds = (performance.now() - began) / 1000;
    await asking;
    await platform('GET', `/zones/${id}/record-sets?search=host-77`);
    return { seconds, cpuSeconds: last.cpuSeconds - start.cpuSeconds, rssBefore: start.rss, rss, lagSeconds, flows, before, pages };
  } finally {
    await server?.stop();
  }
}

const mebibytes = (bytes: number): string => `${whole(bytes / 2 ** 20)} MiB`;
const p95 = (values: readonly number[]): string => milliseconds(quantile(values, 0.95));

export const benchZone =
  (startInstance: StartInstance): Bench =>
  async (signal) => {
    const readings: Reading[] = [];
    for (const size of sizes) {
      const instance = await startInstance({ workers: 1 });
      try {
        readings.push(await connectLarge(instance.announcement, size, signal));
      } finally {
        await instance.stop();
      }
    }
    const row = (what: string, of: (reading: Reading) => string) => [what, ...readings.map(of)];
    return {
      title: 'A large zone is connected, one worker',
      columns: ['', ...sizes.map((size) => `${whole(size)} records`)],
      rows: [
        row('connected to read and stored', ({ seconds }) => `${seconds.toFixed(1)} s`),
        row('CPU of the worker, the requests included', ({ cpuSeconds }) => `${cpuSeconds.toFixed(1)} s`),
        row('memory of the worker before', ({ rssBefore }) => mebibytes(rssBefore)),
        row('· at most while it reads', ({ rss }) => mebibytes(rss)),
        row('longest that the worker did nothing else', ({ lagSeconds }) => milliseconds(lagSeconds * 1000)),
        row('another team, request to live before, p50', ({ before }) => milliseconds(median(before))),
        row('· while it reads, p50', ({ flows }) => milliseconds(median(flows))),
        row('· while it reads, p95', ({ flows }) => p95(flows)),
        row('· of that before, p50', ({ flows, before }) => ratio(median(flows) / median(before))),
        row('requests that went live meanwhile', ({ flows }) => String(flows.length)),
        row('GET /zones/{id} meanwhile, p95', ({ pages }) => p95(pages)),
      ],
      promises: [],
      notes: [
        'By the clock; BIND, the instance and the bench share the machine. Every zone has one address at each name.',
        'The requests are made one after the other as an application team, into another zone.',
      ],
    };
  };
