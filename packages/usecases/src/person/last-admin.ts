import { HostmasterError } from '@hostmaster/core/errors';
import type { Tx } from '@hostmaster/db/client';
import { holdAdmins } from '@hostmaster/db/person';

/**
 * Holds a person until the transaction ends, and refuses to let go the last enabled platform admin who can sign in, whoever asks.
 * Errors: last-admin; forbidden, where whoever asks is no platform admin any more.
 */
export async function holdPerson(tx: Tx, whose: { readonly id: string; readonly name: string }, remainsAdmin: boolean): Promise<void> {
  const admins = await holdAdmins(tx, whose.id);
  // Their role was taken since they were authorized: nothing would be changed, and nobody told.
  if (admins === null) throw new HostmasterError('forbidden', 'person.manage is for a platform admin, which you are no more.');
  if (!remainsAdmin && admins.length === 1 && admins[0] === whose.id)
    throw new HostmasterError('last-admin', `${whose.name} is the last platform admin who can sign in.`);
}
