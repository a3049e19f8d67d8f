import { HostmasterError } from '@hostmaster/core/errors';
import { expect, it } from 'vitest';
import { countTogether } from './count-together.ts';

it('what a render asks for in one moment is one count of all of it, and what it asks for later another', async () => {
  const counts: number[] = [];
  const counted = countTogether(async (calls) => {
    counts.push(calls);
  });
  await Promise.all([counted(), counted(), counted()]);
  expect(counts).toEqual([3]);
  await counted();
  expect(counts).toEqual([3, 1]);
});

it('where the limit does not hold them all, none is done, and the next are counted anew', async () => {
  let left = 2;
  const counted = countTogether(async (calls) => {
    if (calls > left) throw new HostmasterError('rate-limited', 'Too many tries.');
    left -= calls;
  });
  const three = await Promise.allSettled([counted(), counted(), counted()]);
  expect(three.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect(Promise.all([counted(), counted()])).resolves.toBeDefined();
});
