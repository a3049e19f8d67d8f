// From a self-serve request to a live endpoint, as its requester sees it: POST over REST, then the operation is asked for
// until it has succeeded, which it has only when every name server answered and the certificate was seen on the wire.
import { setTimeout as delay } from 'node:timers/promises';
import { operation } from '@hostmaster/core/contract/operation';
import { request } from '@hostmaster/core/contract/request';
import { endpointPurposes } from '@hostmaster/core/operation/purpose';
import type { z } from 'zod';
import { type Call, type StartInstance, signedIn } from './instance.ts';
import { median, quantile } from './measure.ts';
import { type Bench, milliseconds } from './report.ts';

const count = 200;
const warmUps = 10;
const atATime = 8;
/** On a slow machine fewer requests are measured. */
const roundMilliseconds = 55_000;
const pollMilliseconds = 10;
const promised = { p50: 1000, p95: 2000 };

type Operation = z.infer<typeof operation>;
type Flow = { readonly total: number; readonly answered: number; readonly phases: readonly number[]; readonly attempts: number };

const { steps } = endpointPurposes.revision;

/** The steps by the timestamps that they leave; the worker often begins before the answer has arrived. */
const phases: Readonly<Record<(typeof steps)[number], string>> = {
  admitted: 'decided, committed, relayed, claimed, decided again',
  'records-applied': 'records written',
  'records-verified': 'seen on every name server',
  'certificate-issued': 'key made, certificate ordered and issued',
  'certificate-delivered': 'handed to the edge',
  'certificate-served': 'seen on the wire',
  reachable: 'health path answered',
};
const phaseNames = [...steps.map((step) => phases[step]), 'operation finished', 'seen by the poll'];

/** Milliseconds from one mark to the next; a step that left none took no time of its own. */
function phasesOf(began: number, { trail, finishedAt }: Operation, seen: number): number[] {
  const stamps = [...steps.map((step) => trail.find((entry) => entry.step === step)?.at), finishedAt];
  let last = began;
  return [...stamps.map((at) => (at ? new Date(at).getTime() : null)), seen].map((mark) => {
    const spent = (mark ?? last) - last;
    last = mark ?? last;
    return spent;
  });
}

async function requestToLive(call: Call, hostname: string, signal: AbortSignal): Promise<Flow> {
  const contract = { hostname, team: 'order-platform', target: { addresses: ['127.0.0.1'] } };
  const began = Date.now();
  const { operation: started } = request.parse(await call('POST', '/requests', { kind: 'create', contract }));
  const answered = Date.now();
  if (started === null) throw new Error(`${hostname} was not applied at once.`);
  for (;;) {
    await delay(pollMilliseconds, undefined, { signal });
    const now = operation.parse(await call('GET', `/operations/${started.id}`));
    const seen = Date.now();
    if (now.state === 'succeeded')
      return { total: seen - began, answered: answered - began, phases: phasesOf(began, now, seen), attempts: now.attempts };
    if (now.state === 'failed' || now.state === 'superseded') throw new Error(`${hostname} ended as ${now.state}: ${now.reason}`);
  }
}

async function measure(call: Call, prefix: string, total: number, parallel: number, signal: AbortSignal): Promise<Flow[]> {
  const flows: Flow[] = [];
  const until = performance.now() + roundMilliseconds;
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < total && performance.now() < until; at = next++)
      flows.push(await requestToLive(call, `${prefix}-${at}.dev.example.test`, signal));
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return flows;
}

export const benchRequest =
  (startInstance: StartInstance): Bench =>
  async (signal) => {
    const instance = await startInstance();
    try {
      const call = await signedIn(instance.announcement, signal);
      await measure(call, 'warm', warmUps, 2, signal);
      const alone = await measure(call, 'one', count, 1, signal);
      const began = performance.now();
      const together = await measure(call, 'many', count, atATime, signal);
      const perSecond = together.length / ((performance.now() - began) / 1000);
      const row = (what: string, of: (flow: Flow) => number) => {
        const figures = (flows: readonly Flow[]) => [milliseconds(median(flows.map(of))), milliseconds(quantile(flows.map(of), 0.95))];
        return [what, ...figures(alone), ...figures(together)];
      };
      const p50 = median(alone.map(({ total }) => total));
      const p95 = quantile(
        alone.map(({ total }) => total),
        0.95,
      );
      const retried = (flows: readonly Flow[]) => flows.filter(({ attempts }) => attempts > 1).length;
      return {
        title: 'From request to live',
        columns: ['', `p50, one at a time (${alone.length})`, 'p95', `p50, ${atATime} at a time (${together.length})`, 'p95'],
        rows: [
          row('request to live', ({ total }) => total),
          row('request to its answer', ({ answered }) => answered),
          ...phaseNames.map((name, index) => row(`· ${name}`, ({ phases }) => phases[index] ?? 0)),
        ],
        promises: [
          {
            promise: `p50 under ${promised.p50} ms and p95 under ${promised.p95} ms on the embedded default`,
            measured: `p50 ${milliseconds(p50)}, p95 ${milliseconds(p95)}, one at a time`,
            kept: p50 < promised.p50 && p95 < promised.p95,
          },
        ],
        notes: [
          `Against \`npm start\` with its defaults: embedded PostgreSQL, its queue in it, name server and TLS edge, all on this machine. Polled every ${pollMilliseconds} ms over REST, which shares the processors with what it waits for.`,
          `${perSecond.toFixed(1)} endpoints a second became live with ${atATime} at a time. ${retried(alone)} and ${retried(together)} operations needed more than one run.`,
          'The phases are told by the timestamps of the operation; their medians need not add up to that of the whole.',
        ],
      };
    } finally {
      await instance.stop();
    }
  };
