import { expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';

it.each([
  ['192.0.2.1', 0, '192.0.2.1'],
  ['6.6.6.6, 192.0.2.1', 1, '192.0.2.1'],
  ['6.6.6.6, 192.0.2.1, 10.0.0.1', 2, '192.0.2.1'],
  ['', 1, 'unknown'],
])('the client of X-Forwarded-For "%s" behind %i proxies is %s', (header, hops, address) => {
  expect(clientAddress(new Headers({ 'x-forwarded-for': header }), hops)).toBe(address);
});
