import { expect, it } from 'vitest';
import { nameOf, ownerGround } from './words';

it('a certificate is called by its first name, else by its subject, else by what it is', () => {
  const fingerprint = 'b94d27b9934d3e08';
  expect(nameOf({ names: ['a.test', 'b.test'], subject: 'CN=x', fingerprint })).toBe('a.test');
  expect(nameOf({ names: [], subject: 'CN=printer', fingerprint })).toBe('CN=printer');
  expect(nameOf({ names: [], subject: '', fingerprint })).toBe('A certificate that cannot be read (b94d27b9)');
});

it('why a team is the likely owner is said', () => {
  expect(ownerGround({ team: 'orders', because: 'grant', of: 'dev.example.test' })).toBe('its grant is for dev.example.test');
  expect(ownerGround({ team: 'it', because: 'scope', of: 'Office' })).toBe('it is named for “Office”');
});
