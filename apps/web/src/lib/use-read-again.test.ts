import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readAgain } from './use-read-again';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const key = ['teams'];

/** A list on the page, which shows what `rows` are when it is read; it takes so long. */
async function shown(milliseconds: number, read: () => string[]) {
  const queries = new QueryClient();
  const observer = new QueryObserver(queries, {
    queryKey: key,
    queryFn: async () => {
      const rows = read();
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return rows;
    },
  });
  observer.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(milliseconds);
  return { queries, rows: () => observer.getCurrentResult().data };
}

it('is over once the page shows what was made, and not before', async () => {
  let teams: string[] = [];
  const { queries, rows } = await shown(400, () => teams);
  teams = ['orders'];
  let over = false;
  const reading = readAgain(queries, [{ queryKey: key }]).then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(399);
  expect([rows(), over]).toEqual([[], false]);
  await vi.advanceTimersByTimeAsync(1);
  await reading;
  expect(rows()).toEqual(['orders']);
});

it('is over after a moment where the page is not read so soon', async () => {
  const { queries } = await shown(60_000, () => []);
  const reading = readAgain(queries, [{ queryKey: key }]);
  await vi.advanceTimersByTimeAsync(3000);
  await reading;
});
