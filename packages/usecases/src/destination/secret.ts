import type { SecretDescriptor } from '@hostmaster/core/descriptor';
import { HostmasterError } from '@hostmaster/core/errors';
import type { StoredDestination, WorkerCtx } from '../context.ts';

/** What a destination's secret is sealed for: copied to another's row, or read as another kind of secret, it does not open. */
export const destinationSecretContext = (id: string, { purpose }: SecretDescriptor): string => `destination:${id}:${purpose}`;

/** What lets Hostmaster in there; empty where its kind has none. Errors: key-unreadable. */
export async function openDestinationSecret(
  { keyStore }: Pick<WorkerCtx, 'keyStore'>,
  { id, slug, secretKeyId, secretCiphertext }: StoredDestination,
  descriptor: SecretDescriptor | null,
): Promise<Uint8Array> {
  if (descriptor === null) return new Uint8Array();
  if (secretKeyId === null || secretCiphertext === null)
    throw new HostmasterError('key-unreadable', `The destination ${slug} has no secret.`);
  return keyStore.open({ keyId: secretKeyId, ciphertext: secretCiphertext }, destinationSecretContext(id, descriptor));
}
