/** The time of one run: its signal ends it after so many seconds, unless it is renewed before. `release` must be called when the run is over. */
export type RunTime = { readonly signal: AbortSignal; renew(): void; release(): void };

export function runTime(seconds: number): RunTime {
  const controller = new AbortController();
  const begin = () => setTimeout(() => controller.abort(new DOMException('The time of the run is up.', 'TimeoutError')), seconds * 1000);
  let timer = begin();
  const release = () => clearTimeout(timer);
  return {
    signal: controller.signal,
    release,
    renew: () => {
      release();
      timer = begin();
    },
  };
}
