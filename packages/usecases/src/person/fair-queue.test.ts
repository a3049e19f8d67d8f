import { describe, expect, it } from 'vitest';
import { fairQueue } from './fair-queue.ts';

/** Work that ends when it is told to, and says in which order it began. */
function workshop(bounds: Parameters<typeof fairQueue>[0]) {
  const queue = fairQueue(bounds);
  const began: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (client: string, name = client) =>
    queue(client, () => {
      began.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const endOne = async () => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { ask, began, endOne };
}

describe('a queue that clients share', () => {
  it('gives everybody their turn, however many one client sends', async () => {
    const { ask, began, endOne } = workshop({ running: 2, waiting: 100, waitingEach: 4 });
    const flood = Array.from({ length: 40 }, (_, at) => ask('flood', `flood ${at}`));
    const refused = Promise.allSettled(flood.slice(6));
    const [one, other] = [ask('one'), ask('other')];
    expect((await refused).every((each) => each.status === 'rejected')).toBe(true);
    for (let at = 0; at < 8; at += 1) await endOne();
    await Promise.all([one, other]);
    expect(began).toEqual(['flood 0', 'flood 1', 'flood 2', 'one', 'other', 'flood 3', 'flood 4', 'flood 5']);
  });

  it('refuses one more of a client who has enough waiting', async () => {
    const { ask } = workshop({ running: 1, waiting: 3, waitingEach: 2 });
    for (let at = 0; at < 3; at += 1) void ask('a');
    await expect(ask('a')).rejects.toMatchObject({ code: 'unavailable', retryAfter: 5 });
  });

  it('where all places are taken has whoever has most give one up, and refuses only who has no fewer', async () => {
    const { ask, began, endOne } = workshop({ running: 1, waiting: 4, waitingEach: 3 });
    const running = ask('a', 'a 0');
    const waiting = [ask('a', 'a 1'), ask('a', 'a 2'), ask('a', 'a 3'), ask('b')];
    const newcomer = ask('c');
    await expect(waiting[2]).rejects.toMatchObject({ code: 'unavailable' });
    await expect(ask('c', 'c 1')).rejects.toMatchObject({ code: 'unavailable' });
    for (let at = 0; at < 5; at += 1) await endOne();
    await Promise.all([running, waiting[0], waiting[1], waiting[3], newcomer]);
    expect(began).toEqual(['a 0', 'a 1', 'b', 'c', 'a 2']);
  });

  it('goes on after work that failed', async () => {
    const queue = fairQueue({ running: 1, waiting: 3, waitingEach: 3 });
    const failing = queue('a', () => Promise.reject(new Error('no')));
    const after = queue('a', () => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('no');
    await expect(after).resolves.toBe('done');
    await expect(queue('a', () => Promise.resolve('again'))).resolves.toBe('again');
  });
});
