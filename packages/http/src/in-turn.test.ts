import { expect, it } from 'vitest';
import { createTurns } from './in-turn.ts';

/** Work that goes on until it is let go, and tells how much of it goes on at once. */
const held = () => {
  const going: (() => void)[] = [];
  return { going, work: () => new Promise<void>((resolve) => going.push(resolve)) };
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('of a hundred calls of one actor four are worked on, and the next as soon as one is done', async () => {
  const inTurn = createTurns();
  const { going, work } = held();
  const calls = Array.from({ length: 100 }, () => inTurn('ci', work));
  await settled();
  expect(going).toHaveLength(4);
  going[2]?.();
  await settled();
  expect(going).toHaveLength(5);
  while (going.length < 100) {
    for (const end of going) end();
    await settled();
  }
  for (const end of going) end();
  await Promise.all(calls);
});

it('whoever else asks meanwhile waits for none of them', async () => {
  const inTurn = createTurns();
  const { going, work } = held();
  const calls = Array.from({ length: 100 }, () => inTurn('ci', work));
  await expect(inTurn('ana', async () => 'answered')).resolves.toBe('answered');
  expect(going).toHaveLength(4);
  void Promise.allSettled(calls);
});

it('what fails gives its turn back, and says so to its own caller alone', async () => {
  const inTurn = createTurns();
  const fails = Array.from({ length: 8 }, () =>
    inTurn('ci', async () => {
      throw new Error('refused');
    }),
  );
  const after = inTurn('ci', async () => 'answered');
  expect((await Promise.allSettled(fails)).map(({ status }) => status)).toEqual(Array(8).fill('rejected'));
  await expect(after).resolves.toBe('answered');
  await expect(inTurn('ci', async () => 'again')).resolves.toBe('again');
});
