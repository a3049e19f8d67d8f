/** First, longest and growth of the pause between tries; a try never waits longer than `longest`. */
export const defaultBackoff = { first: 0.5, factor: 2, longest: 300 } as const;

/**
 * Seconds until the next try: exponential with full jitter in its upper half, so that many failures do not come back together.
 * @param attempts tries so far, at least 1.
 * @param random a number in [0, 1).
 */
export function backoffSeconds(
  attempts: number,
  random: number,
  backoff: { first: number; factor: number; longest: number } = defaultBackoff,
): number {
  const full = Math.min(backoff.longest, backoff.first * backoff.factor ** Math.min(attempts - 1, 30));
  return full / 2 + (full / 2) * random;
}
