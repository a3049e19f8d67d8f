// `npm run bench`: measures the promises that have a figure, each beside its yardstick in the same run on the same machine.
import 'reflect-metadata';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchAcme } from './acme.ts';
import { benchCa } from './ca.ts';
import { benchFairness } from './fairness.ts';
import type { StartInstance } from './instance.ts';
import { machineLines } from './machine.ts';
import { benchOcsp } from './ocsp.ts';
import { benchPages } from './pages.ts';
import { benchPolicy } from './policy.ts';
import { type Bench, renderFailure, renderReport } from './report.ts';
import { benchRequest } from './request.ts';
import { benchUpdate } from './update.ts';
import { benchZone } from './zone.ts';

/** For all benches together; what is not measured by then is not measured. */
const totalMilliseconds = 840_000;
/** A million records are written, read and stored: it has its own time, and is measured where it is named alone. */
const zoneMilliseconds = 900_000;

export type BenchOptions = {
  /** Those to run; none means all but the one of large zones. */
  readonly names: readonly string[];
  /** Folder for `<date>.md`, or null. */
  readonly saveIn: string | null;
  readonly startInstance: StartInstance;
};

/**
 * Runs benches one after the other and prints a table for each.
 * @returns whether all ran to their end, whatever they measured
 */
export async function runBenches({ names, saveIn, startInstance }: BenchOptions): Promise<boolean> {
  const benches: Readonly<Record<string, Bench>> = {
    policy: benchPolicy,
    update: benchUpdate,
    ca: benchCa,
    ocsp: benchOcsp,
    acme: benchAcme,
    request: benchRequest(startInstance),
    fairness: benchFairness(startInstance),
    pages: benchPages,
    zone: benchZone(startInstance),
  };
  const unknown = names.find((name) => !Object.hasOwn(benches, name));
  if (unknown !== undefined) throw new Error(`There is no bench ${unknown}; there are ${Object.keys(benches).join(', ')}.`);
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Error('interrupted'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);
  // A timer of our own: Node 20 may collect a timeout signal that only AbortSignal.any still refers to, and then it never fires.
  const time = totalMilliseconds + (names.includes('zone') ? zoneMilliseconds : 0);
  const timer = setTimeout(() => stop.abort(new Error(`the time for all benches, ${time / 1000} s, is up`)), time);
  const now = new Date();
  const parts: string[] = [];
  let complete = true;
  const say = (text: string) => {
    parts.push(text);
    console.log(text);
  };
  say(`# Bench of ${now.toISOString().slice(0, 10)}\n\n${machineLines().join('\n')}\n`);
  for (const [name, bench] of Object.entries(benches)) {
    if (names.length > 0 ? !names.includes(name) : name === 'zone') continue;
    try {
      say(renderReport(await bench(stop.signal)));
    } catch (error) {
      complete = false;
      say(renderFailure(name, error));
    }
  }
  clearTimeout(timer);
  if (saveIn !== null) {
    mkdirSync(saveIn, { recursive: true });
    writeFileSync(join(saveIn, `${now.toISOString().slice(0, 10)}.md`), `${parts.join('\n').trimEnd()}\n`);
  }
  return complete;
}
