// One certificate as a vault has it, as far as anybody here looks at it.
import { createHash } from 'node:crypto';
import type { KeyVaultCertificateWithPolicy } from '@azure/keyvault-certificates';
import { HostmasterError } from '@hostmaster/core/errors';
import { orderTag } from '@hostmaster/core/key-vault/setup';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import type { Vault } from '../../destinations/key-vault/vault.ts';
import { orNull } from '../../destinations/key-vault/vault-error.ts';

export type Bundle = Pick<KeyVaultCertificateWithPolicy, 'properties' | 'cer' | 'policy'>;

const pollMilliseconds = 1000;

/** Null where there is none of the name that is not deleted. Errors: as of `Vault`. */
export const bundleOf = (vault: Vault, name: string, signal: AbortSignal): Promise<Bundle | null> =>
  orNull(() => vault.call('read a certificate', (client, options) => client.getCertificate(name, options), signal));

/** Whether Hostmaster ordered it. */
export const isOurs = ({ properties: { tags } }: Pick<Bundle, 'properties'>): boolean => tags?.[orderTag] !== undefined;

/** SHA-256, lower-case hex. */
export const fingerprintOf = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex');

/** Upper-case hex of its newest leaf; null where it has none yet. Errors: issuer-unavailable where what it has is no certificate. */
export function serialOf({ name, use }: Vault, { cer }: Pick<Bundle, 'cer'>): string | null {
  if (cer === undefined) return null;
  try {
    return describeCertificate(cer).serial;
  } catch (cause) {
    if (!(cause instanceof HostmasterError)) throw cause;
    const message = `What ${name} answers is no certificate: ${cause.message}`;
    throw new HostmasterError(use.unavailable, message, { cause, movesNext: use.runs(name) });
  }
}

/** Has one of ours that was deleted back under its name. @returns what held the name. Errors: as of `Vault`. */
export async function recoverOurs(vault: Vault, name: string, signal: AbortSignal): Promise<'nothing' | 'recovered' | 'foreign'> {
  const gone = await orNull(() =>
    vault.call('read a deleted certificate', (client, options) => client.getDeletedCertificate(name, options), signal),
  );
  if (gone === null) return 'nothing';
  if (!isOurs(gone)) return 'foreign';
  await vault.call(
    'recover a certificate',
    async (client, options) =>
      (await client.beginRecoverDeletedCertificate(name, { intervalInMs: pollMilliseconds, ...options })).pollUntilDone(),
    signal,
  );
  return 'recovered';
}

/** Deletes it, with its key: the vault holds it for as long as it keeps what it deleted. One that is gone already is left so. Errors: as of `Vault`. */
export async function remove(vault: Vault, name: string, signal: AbortSignal): Promise<void> {
  await orNull(() =>
    vault.call(
      'delete a certificate',
      async (client, options) =>
        (await client.beginDeleteCertificate(name, { intervalInMs: pollMilliseconds, ...options })).pollUntilDone(),
      signal,
    ),
  );
}
