import { expect, it } from 'vitest';
import { issuerOperator, operator } from '../operation/moves-next.ts';
import { unavailableVault, vaultWords } from './problem.ts';

const asked = { name: 'corp', path: 'pki/sign/web', settings: '“Mount”' };
const runs = issuerOperator('corp');

it.each([
  [503, 'Vault is sealed', 'corp is sealed, and signs again once it is unsealed.', runs],
  [503, 'down', 'corp did not do it: down.', runs],
  [
    403,
    'permission denied',
    'corp does not allow pki/sign/web with what Hostmaster signs in as: permission denied. Its policy has to.',
    runs,
  ],
  [404, 'no handler', 'corp has nothing at pki/sign/web: no handler. Compare “Mount”.', operator],
  [429, 'quota exceeded', 'corp takes no more requests for now: quota exceeded.', runs],
  [473, 'x', 'corp is a standby, and hands nothing on to the active node: x.', runs],
  [500, 'Vault is in standby mode', 'corp is a standby, and hands nothing on to the active node: Vault is in standby mode.', runs],
  [500, 'oops', 'corp did not do it: oops.', runs],
])('an answer of %i that says “%s” is waited for, and for whom', (status, words, message, movesNext) => {
  expect(unavailableVault(asked, { status, errors: [words], retryAfter: 7 })).toMatchObject({
    code: 'issuer-unavailable',
    message,
    movesNext,
    retryAfter: 7,
  });
});

it('where Vault named no time, none is named', () =>
  expect(unavailableVault(asked, { status: 429, errors: [], retryAfter: null }).retryAfter).toBeUndefined());

it('its words are all that it says, or that it says nothing', () => {
  expect(vaultWords({ status: 400, errors: ['a', 'b'] })).toBe('a; b.');
  expect(vaultWords({ status: 403, errors: ['1 error occurred:\n\t* permission denied\n\n'] })).toBe('permission denied.');
  expect(vaultWords({ status: 403, errors: ['2 errors occurred:\n\t* a * b\n\t* c\n\n'] })).toBe('a; b; c.');
  expect(vaultWords({ status: 418, errors: [] })).toBe('it answers 418 without saying why.');
});
