import { HostmasterError } from '@hostmaster/core/errors';

type Bounds = { readonly running: number; readonly waiting: number; readonly waitingEach: number };
type Waiting = { readonly begin: () => void; readonly refuse: (error: Error) => void };

const tooMany = (): Error => new HostmasterError('unavailable', 'Too many sign-ins at this moment.', { retryAfter: 5 });

/**
 * Runs at most `running` pieces of work at once, and lets at most `waiting` wait, `waitingEach` of them for one client. Clients
 * take turns, and where all places are taken whoever has most of them gives one up: many tries of one keep nobody else out.
 * Errors of the returned function: unavailable.
 */
export function fairQueue({
  running: most,
  waiting: places,
  waitingEach,
}: Bounds): <T>(client: string, work: () => Promise<T>) => Promise<T> {
  let running = 0;
  let waiting = 0;
  /** By client, the one whose turn is next first. */
  const queues = new Map<string, Waiting[]>();

  function next(): void {
    const [turn] = queues;
    if (turn === undefined) {
      running -= 1;
      return;
    }
    const [client, [first, ...rest]] = turn;
    queues.delete(client);
    if (rest.length > 0) queues.set(client, rest);
    waiting -= 1;
    first?.begin();
  }

  function giveUpFor(queue: readonly Waiting[]): void {
    const longest = [...queues.values()].reduce((one, other) => (other.length > one.length ? other : one), []);
    if (longest.length <= queue.length + 1) throw tooMany();
    longest.pop()?.refuse(tooMany());
    waiting -= 1;
  }

  function wait(client: string): Promise<void> {
    const queue = queues.get(client) ?? [];
    if (queue.length >= waitingEach) throw tooMany();
    if (waiting >= places) giveUpFor(queue);
    waiting += 1;
    return new Promise((begin, refuse) => {
      queue.push({ begin, refuse });
      queues.set(client, queue);
    });
  }

  return async (client, work) => {
    if (running >= most) await wait(client);
    else running += 1;
    try {
      return await work();
    } finally {
      next();
    }
  };
}
