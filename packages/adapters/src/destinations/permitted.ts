// Where private keys may go is for the host of the worker to say: what every kind of destination asks before anything is sent, and first in
// its test.
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { operator } from '@hostmaster/core/operation/moves-next';
import type { DestinationCheck } from '@hostmaster/core/pki/destination';
import { isKeyDestination, keyDestinationsVariable } from '@hostmaster/core/pki/key-destinations';

type Where = {
  /** The destination's, for messages. */
  readonly name: string;
  readonly address: string;
  /** As the host of the worker has it. */
  readonly keyDestinations: readonly string[];
};

/** What the host of the worker does not name. */
const unnamed = (name: string, place: string): HostmasterError =>
  new HostmasterError(
    'delivery-failed',
    `${name} is at ${foreignWords(place)}, and ${keyDestinationsVariable} of the worker does not name that: no private key goes there. Whoever runs Hostmaster adds it.`,
    { movesNext: operator },
  );

/** @returns the origin that it is at. Errors: delivery-failed. */
export function requirePermitted({ name, address, keyDestinations }: Where): string {
  const { origin } = new URL(address);
  if (isKeyDestination(keyDestinations, address)) return origin;
  throw unnamed(name, origin);
}

/**
 * At one address of AWS all accounts are asked, so that the account has to be named; an address of somebody's own does, too.
 * @param account as the list has it @param ownAddress null where it is the public one of the region @returns the account. Errors: delivery-failed.
 */
export function requirePermittedAccount(
  account: string,
  ownAddress: string | null,
  { name, keyDestinations }: Omit<Where, 'address'>,
): string {
  if (ownAddress !== null) requirePermitted({ name, address: ownAddress, keyDestinations });
  if (keyDestinations.includes(account)) return account;
  throw unnamed(name, account);
}

/** @param of what asks it, of what a kind has opened for a test @param settings that say where it is, by their titles */
export const permittedCheck = <Settings, Tested>(
  of: (tested: Tested) => () => string,
  settings = '“Address”',
): DestinationCheck<Settings, Tested> => ({
  name: 'permitted',
  holds: 'The host of the worker lets private keys go there',
  remedy: () =>
    `Compare ${settings}; where it is right, have whoever runs Hostmaster add it to ${keyDestinationsVariable} of the worker, and start that again.`,
  run: async (tested) => `${keyDestinationsVariable} of the worker names ${of(tested)()}.`,
});
