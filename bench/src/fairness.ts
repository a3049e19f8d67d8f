// What one team makes another wait: a request of its own beside sixty names whose targets accept connections and say nothing,
// and beside five hundred requests of the other team, each against the same request alone on the same instance.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { operation } from '@hostmaster/core/contract/operation';
import { request } from '@hostmaster/core/contract/request';
import { type Call, edgePortOf, type StartInstance, signedIn } from './instance.ts';
import { median } from './measure.ts';
import { type Bench, milliseconds, ratio } from './report.ts';

const rounds = 8;
const silentNames = 60;
const openRequests = 500;
/** At once, by the team with the backlog. */
const askers = 16;
const pollMilliseconds = 25;
/** Beside that of the instance's TLS edge, on the same port. */
const silentAddress = '127.0.0.77';
/** A request that is not live by then counts as this long. */
const patienceMilliseconds = 80_000;
const promised = { times: 5 };

/** What a request took beside the other team, and how many of that team's were open still when it was measured. */
type Beside = { readonly name: string; readonly alone: readonly number[]; readonly figures: readonly number[]; readonly open: string };

/** Accepts and says nothing, where the names of the zone are served. */
async function startSilence(port: number): Promise<{ stop(): void }> {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
  });
  server.listen(port, silentAddress);
  await once(server, 'listening');
  const stop = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { stop };
}

const ask = async (call: Call, team: string, hostname: string, address = '127.0.0.1'): Promise<string> => {
  const contract = { hostname, team, environment: 'dev', target: { addresses: [address] } };
  const { operation: started } = request.parse(await call('POST', '/requests', { kind: 'create', contract }));
  if (started === null) throw new Error(`${hostname} was not applied at once.`);
  return started.id;
};

/** Milliseconds from asking to live, as the team sees it. */
async function requestToLive(call: Call, hostname: string, signal: AbortSignal): Promise<number> {
  const began = Date.now();
  const id = await ask(call, 'platform-edge', hostname);
  for (;;) {
    await delay(pollMilliseconds, undefined, { signal });
    const now = operation.parse(await call('GET', `/operations/${id}`));
    const spent = Date.now() - began;
    if (now.state === 'succeeded' || spent > patienceMilliseconds) return spent;
    if (now.state === 'failed' || now.state === 'superseded') throw new Error(`${hostname} ended as ${now.state}: ${now.reason}`);
  }
}

/** One after the other, and no further one once the figures are as long as a request is waited for. */
async function measure(call: Call, prefix: string, signal: AbortSignal, most = rounds): Promise<number[]> {
  const figures: number[] = [];
  const until = Date.now() + patienceMilliseconds;
  for (let at = 0; at < most && (at === 0 || Date.now() < until); at += 1)
    figures.push(await requestToLive(call, `${prefix}-${at}.example.test`, signal));
  return figures;
}

const openOf = async (call: Call, ids: readonly string[]): Promise<string> => {
  const states = await Promise.all(ids.map(async (id) => operation.parse(await call('GET', `/operations/${id}`)).state));
  return `${states.filter((state) => state !== 'succeeded').length} of ${ids.length}`;
};

/** All of it is asked for before the other team measures. @returns the operations */
async function askMany(busy: Call): Promise<string[]> {
  const ids: string[] = [];
  let next = 0;
  const asker = async () => {
    for (let at = next++; at < openRequests; at = next++) ids[at] = await ask(busy, 'order-platform', `many-${at}.dev.example.test`);
  };
  await Promise.all(Array.from({ length: askers }, asker));
  // The last are those that a queue would serve last.
  return ids.slice(-100);
}

async function askSilent(busy: Call): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < silentNames; at += 1) ids.push(await ask(busy, 'order-platform', `silent-${at}.dev.example.test`, silentAddress));
  return ids;
}

/** On an instance of its own, so that nothing but the one thing stands beside it. */
async function beside(
  name: string,
  disturb: (busy: Call) => Promise<string[]>,
  startInstance: StartInstance,
  signal: AbortSignal,
): Promise<Beside> {
  const instance = await startInstance({ workers: 1 });
  const silence = await startSilence(edgePortOf(instance.announcement));
  try {
    const busy = await signedIn(instance.announcement, signal, 'app');
    const other = await signedIn(instance.announcement, signal, 'platform');
    await measure(other, 'warm', signal);
    const alone = await measure(other, 'alone', signal);
    const ids = await disturb(busy);
    const figures = await measure(other, 'beside', signal);
    return { name, alone, figures, open: await openOf(busy, ids) };
  } finally {
    silence.stop();
    await instance.stop();
  }
}

const times = ({ alone, figures }: Beside): number => median(figures) / median(alone);

export const benchFairness =
  (startInstance: StartInstance): Bench =>
  async (signal) => {
    const silent = await beside(`${silentNames} names whose targets say nothing`, askSilent, startInstance, signal);
    const many = await beside(`${openRequests} requests`, askMany, startInstance, signal);
    return {
      title: 'One team beside another',
      columns: ['a request of one team beside the other’s', 'alone, p50', 'beside, p50', 'longest', 'times', 'measured', 'still open'],
      rows: [silent, many].map((each) => [
        each.name,
        milliseconds(median(each.alone)),
        milliseconds(median(each.figures)),
        milliseconds(Math.max(...each.figures)),
        ratio(times(each)),
        String(each.figures.length),
        each.open,
      ]),
      promises: [silent, many].map((each) => ({
        promise: `beside another team's ${each.name} at most ${promised.times} times as long as alone`,
        measured: `${ratio(times(each))} times`,
        kept: times(each) <= promised.times,
      })),
      notes: [
        `Against \`npm start\` with one worker, one request after the other, polled every ${pollMilliseconds} ms. A request that was not live within ${patienceMilliseconds / 1000} s counts as that, and no further one is measured then.`,
        'Still open of the other team, when it had been measured: of the last that it had asked for.',
        'Whatever the two teams ask for shares two processors with the portal that takes it.',
      ],
    };
  };
