import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { TakeAway } from './take-away';

it.each([
  ['Remove', 'the cluster eu-1', 'Remove the cluster eu-1'],
  ['Revoke', 'shop.test from orders', 'Revoke shop.test from orders'],
  ['End', 'the exception from quarantine for a.test', 'End the exception from quarantine for a.test'],
] as const)('%s: the button in a row says its verb, is named for the thing, and asks before anything happens', (verb, which, name) => {
  let taken = 0;
  const options = { mutationFn: async (_: { id: string }) => (taken += 1) };
  const words = { kind: 'thing', title: 'Sure?', description: 'It is gone.', done: 'It went.' };
  const html = renderToStaticMarkup(
    <QueryClientProvider client={new QueryClient()}>
      <TakeAway verb={verb} which={which} {...words} options={options} input={{ id: '1' }} shownBy={[]} />
    </QueryClientProvider>,
  );
  expect(html).toContain(`aria-label="${name}"`);
  expect(html).toContain('aria-haspopup="dialog"');
  expect(html).toContain(`>${verb}</button>`);
  expect(taken).toBe(0);
});
