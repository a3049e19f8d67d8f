import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { stalest } from './stale';

let fails = false;
const answer = async () => {
  if (fails) throw new Error('away');
  return 'read';
};

it('what is shown and could not be read anew is named, the oldest first, until it could', async () => {
  const client = new QueryClient();
  const shown = (key: string) =>
    new QueryObserver(client, { queryKey: [key], queryFn: answer, retry: false, staleTime: Number.POSITIVE_INFINITY });
  client.setQueryData(['old'], 'read', { updatedAt: 1000 });
  client.setQueryData(['newer'], 'read', { updatedAt: 2000 });
  client.setQueryData(['left'], 'read', { updatedAt: 500 });
  const [old, newer] = [shown('old'), shown('newer')];
  const leave = [old, newer].map((one) => one.subscribe(() => {}));
  expect(stalest(client.getQueryCache())).toBeNull();

  fails = true;
  await newer.refetch();
  expect(stalest(client.getQueryCache())?.queryKey).toEqual(['newer']);
  await old.refetch();
  expect(stalest(client.getQueryCache())?.queryKey).toEqual(['old']);

  fails = false;
  await old.refetch();
  await newer.refetch();
  expect(stalest(client.getQueryCache())).toBeNull();
  for (const one of leave) one();
});

it('what never could be read is said in its own place', async () => {
  const client = new QueryClient();
  fails = true;
  const observer = new QueryObserver(client, { queryKey: ['first'], queryFn: answer, retry: false });
  const leave = observer.subscribe(() => {});
  await observer.refetch();
  expect(stalest(client.getQueryCache())).toBeNull();
  leave();
});
