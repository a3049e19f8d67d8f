/**
 * Counts what one render asks for as the doors count: calls that come in the same moment are one count, as those of a batch
 * are. Each waits until its count is made.
 * @param count throws where it is too much: then each of them does
 */
export function countTogether(count: (calls: number) => Promise<void>): () => Promise<void> {
  let waiting: { calls: number; readonly counted: Promise<void> } | null = null;
  return () => {
    if (waiting === null) {
      const counted = Promise.resolve().then(() => {
        const calls = waiting?.calls ?? 1;
        waiting = null;
        return count(calls);
      });
      waiting = { calls: 0, counted };
    }
    waiting.calls += 1;
    return waiting.counted;
  };
}
