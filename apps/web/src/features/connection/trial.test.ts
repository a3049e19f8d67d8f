import { expect, it } from 'vitest';
import { nextStep } from './trial';

it.each([
  ['untried', false, 'Test the connection'],
  ['working', false, 'Test the connection'],
  ['fails', false, 'Test again'],
  ['fails', true, 'Connect the zone'],
  ['works', true, 'Connect the zone'],
] as const)('a connection that is %s (ready: %s) leads on to "%s"', (state, ready, button) => {
  expect(nextStep({ state, ready }, 'Connect the zone')).toBe(button);
});
