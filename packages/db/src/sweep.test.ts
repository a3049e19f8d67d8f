import { afterAll, beforeAll, expect, it } from 'vitest';
import { endSweep, takeSweeps } from './sweep.ts';
import { createGround, type Ground } from './testing/ground.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());

it('every sweep is taken by one of many workers, and by nobody again until it is given back and due', async () => {
  const names = ['checks', 'operations', 'renewals'];
  const taken = await Promise.all(Array.from({ length: 20 }, () => takeSweeps(ground.db, names, 60)));
  expect(taken.flat().sort()).toEqual(names);
  expect(await takeSweeps(ground.db, names, 60)).toEqual([]);
  await endSweep(ground.db, 'checks', 3600);
  expect(await takeSweeps(ground.db, names, 60)).toEqual([]);
  await endSweep(ground.db, 'operations', 0);
  expect(await takeSweeps(ground.db, names, 60)).toEqual(['operations']);
});

it('a sweep whose worker died is taken by another once its lease is over', async () => {
  expect(await takeSweeps(ground.db, ['died'], 0)).toEqual(['died']);
  expect(await takeSweeps(ground.db, ['died'], 60)).toEqual(['died']);
  expect(await takeSweeps(ground.db, ['died'], 60)).toEqual([]);
});
