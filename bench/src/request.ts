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

const warmUps = 10;
const parallels = [1, 8, 32];
const workerCounts = [1, 3];
const roundMilliseconds = 18_000;
const pollMilliseconds = 25;
const promised = { p50: 1000, p95: 2000, together: 8, perSecond: 20, p50Together: 400 };

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

export async function requestToLive(call: Call, hostname: string, signal: AbortSignal): Promise<Flow> {
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

/** @param most requests, or as many as a round has time for */
async function measure(
  call: Call,
  prefix: string,
  parallel: number,
  signal: AbortSignal,
  most = Number.POSITIVE_INFINITY,
): Promise<Flow[]> {
  const flows: Flow[] = [];
  const until = performance.now() + roundMilliseconds;
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < most && performance.now() < until; at = next++)
      flows.push(await requestToLive(call, `${prefix}-${at}.dev.example.test`, signal));
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return flows;
}

type Round = { readonly workers: number; readonly parallel: number; readonly flows: readonly Flow[]; readonly perSecond: number };

async function roundsWith(workers: number, startInstance: StartInstance, signal: AbortSignal): Promise<Round[]> {
  const instance = await startInstance({ workers });
  try {
    const call = await signedIn(instance.announcement, signal);
    await measure(call, 'warm', 2, signal, warmUps);
    const rounds: Round[] = [];
    for (const parallel of parallels) {
      const began = performance.now();
      const flows = await measure(call, `at-${parallel}`, parallel, signal);
      rounds.push({ workers, parallel, flows, perSecond: flows.length / ((performance.now() - began) / 1000) });
    }
    return rounds;
  } finally {
    await instance.stop();
  }
}

const totals = ({ flows }: Round): number[] => flows.map(({ total }) => total);
const p95 = (round: Round): string => milliseconds(quantile(totals(round), 0.95));

export const benchRequest =
  (startInstance: StartInstance): Bench =>
  async (signal) => {
    const rounds: Round[] = [];
    for (const workers of workerCounts) rounds.push(...(await roundsWith(workers, startInstance, signal)));
    const figure = (of: (flow: Flow) => number) => rounds.map(({ flows }) => milliseconds(median(flows.map(of))));
    const find = (parallel: number) => rounds.filter((round) => round.parallel === parallel);
    const [alone] = find(1);
    const best = find(promised.together).toSorted((a, b) => b.perSecond - a.perSecond)[0];
    if (alone === undefined || best === undefined) throw new Error('No round was measured.');
    const retried = rounds.map(({ flows }) => flows.filter(({ attempts }) => attempts > 1).length);
    return {
      title: 'From request to live',
      columns: ['', ...rounds.map(({ workers, parallel }) => `${parallel} at a time, ${workers} ${workers === 1 ? 'worker' : 'workers'}`)],
      rows: [
        ['endpoints a second', ...rounds.map(({ perSecond }) => perSecond.toFixed(1))],
        ['request to live, p50', ...figure(({ total }) => total)],
        ['request to live, p95', ...rounds.map(p95)],
        ['request to its answer, p50', ...figure(({ answered }) => answered)],
        ...phaseNames.map((name, index) => [`· ${name}, p50`, ...figure(({ phases }) => phases[index] ?? 0)]),
        ['requests measured', ...rounds.map(({ flows }) => String(flows.length))],
        ['of these with more than one run', ...retried.map(String)],
      ],
      promises: [
        {
          promise: `p50 under ${promised.p50} ms and p95 under ${promised.p95} ms on the embedded default`,
          measured: `p50 ${milliseconds(median(totals(alone)))}, p95 ${p95(alone)}, one at a time`,
          kept: median(totals(alone)) < promised.p50 && quantile(totals(alone), 0.95) < promised.p95,
        },
        {
          promise: `${promised.perSecond} endpoints a second and p50 under ${promised.p50Together} ms, ${promised.together} at a time`,
          measured: `${best.perSecond.toFixed(1)} a second, p50 ${milliseconds(median(totals(best)))}`,
          kept: best.perSecond >= promised.perSecond && median(totals(best)) <= promised.p50Together,
        },
      ],
      notes: [
        `Against \`npm start\` with its defaults: embedded PostgreSQL, its queue in it, name server and TLS edge, all on this machine. Polled every ${pollMilliseconds} ms over REST, which shares the processors with what it waits for.`,
        'The phases are told by the timestamps of the operation; their medians need not add up to that of the whole.',
      ],
    };
  };
