import type { SecretDescriptor } from '@hostmaster/core/descriptor';
import { HostmasterError } from '@hostmaster/core/errors';
import type { IssuerRow, WorkerCtx } from '../context.ts';

/** What an issuer's secret is sealed for: copied to another issuer's row, or read as another kind of secret, it does not open. */
export const issuerSecretContext = (issuerId: string, { purpose }: SecretDescriptor): string => `issuer:${issuerId}:${purpose}`;

/** What the portal may not even read of an issuer. */
export const withoutCiphertexts = { keyCiphertext: true, nextKeyCiphertext: true, secretCiphertext: true } as const;

/** What the CA gave whoever connected the issuer; empty where that is nothing. Errors: key-unreadable. */
export async function openIssuerSecret(
  { keyStore }: Pick<WorkerCtx, 'keyStore'>,
  { id, slug, secretKeyId, secretCiphertext }: IssuerRow,
  descriptor: SecretDescriptor | null,
): Promise<Uint8Array> {
  if (descriptor === null) return new Uint8Array();
  if (secretKeyId !== null && secretCiphertext !== null)
    return keyStore.open({ keyId: secretKeyId, ciphertext: secretCiphertext }, issuerSecretContext(id, descriptor));
  if (descriptor.optional) return new Uint8Array();
  throw new HostmasterError('key-unreadable', `The issuer ${slug} has no secret.`);
}
