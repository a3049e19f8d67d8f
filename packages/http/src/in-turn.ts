// What one actor asks for is worked on a few at a time and the rest in its order, so that a hundred calls at once wait for
// each other and for nobody else's. How many may wait is bounded by what may be asked for in a minute (rate-limit.ts).
import PQueue from 'p-queue';

/** Does `work` when its turn among those of `actorId` has come. Fails as `work` does. */
export type InTurn = <T>(actorId: string, work: () => Promise<T>) => Promise<T>;

/** So few that whoever asks meanwhile waits behind a handful of queries, and not behind those of a hundred calls. */
const atOnce = 4;

/** The turns of one process. */
export function createTurns(): InTurn {
  const queues = new Map<string, PQueue>();
  return (actorId, work) => {
    const queue = queues.get(actorId) ?? new PQueue({ concurrency: atOnce }).on('idle', () => queues.delete(actorId));
    queues.set(actorId, queue);
    return queue.add(work);
  };
}
