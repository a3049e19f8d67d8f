import { expect, it } from 'vitest';
import { nextStep } from './trial';
import { chosenKind } from './zone-form-values';

it.each([
  ['untried', false, 'Test the connection'],
  ['working', false, 'Test the connection'],
  ['fails', false, 'Test again'],
  ['fails', true, 'Connect the zone'],
  ['works', true, 'Connect the zone'],
] as const)('a connection that is %s (ready: %s) leads on to "%s"', (state, ready, button) => {
  expect(nextStep({ state, ready }, 'Connect the zone')).toBe(button);
});

it('a secret is not sent to another kind of provider than it was typed for', () => {
  const settings = { type: 'object', properties: { token: { type: 'string', title: 'Token', default: 'a' } } };
  const provider = { kind: 'other', label: 'Other', summary: '', settings, secret: null, checks: [] };
  expect(chosenKind({ ...provider, capabilities: { atomic: true, compareAndSet: true } })).toEqual({
    kind: 'other',
    settings: { token: 'a' },
    secret: '',
  });
});
