/** The value below which `share` (0 to 1) of the values lie, by nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/**
 * Measures several contenders in alternating rounds, every other round in reverse order, so that a machine that is busy
 * for a while is unjust to all of them alike.
 * @returns the figures of each contender, in their order
 */
export async function alternate(
  contenders: readonly ((round: number) => Promise<number> | number)[],
  rounds: number,
  signal: AbortSignal,
): Promise<number[][]> {
  const all = contenders.map((measure) => ({ measure, figures: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { measure, figures } of round % 2 === 0 ? all : all.toReversed()) {
      signal.throwIfAborted();
      figures.push(await measure(round));
    }
  }
  return all.map(({ figures }) => figures);
}

export const cpuMilliseconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * How often `work` runs per second of CPU time of this process, measured over `milliseconds` of it. By CPU time and not
 * by the clock, as `openssl speed` does too: what else the machine does must not count. `work` gets a running number.
 * On a machine so busy that it would take over three times as long by the clock, it is measured over less.
 */
export async function ratePerSecond(work: (index: number) => Promise<void> | void, milliseconds: number): Promise<number> {
  const batch = 200;
  const began = cpuMilliseconds();
  const until = performance.now() + 3 * milliseconds;
  let done = 0;
  let elapsed = 0;
  while (elapsed < milliseconds && performance.now() < until) {
    for (let index = 0; index < batch; index += 1) {
      const running = work(done + index);
      if (running !== undefined) await running;
    }
    done += batch;
    elapsed = cpuMilliseconds() - began;
  }
  return (done / elapsed) * 1000;
}
