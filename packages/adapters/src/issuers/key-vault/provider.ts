import type { Vault } from '../../destinations/key-vault/vault.ts';
import { orNull } from '../../destinations/key-vault/vault-error.ts';

/** By what CAA records name the CAs that a vault asks, by its word for each (RFC 8659 §4.2). */
const identities: Readonly<Record<string, readonly string[]>> = {
  DigiCert: ['digicert.com'],
  GlobalSign: ['globalsign.com'],
};

/** Who signs behind an issuer of the vault, in its word; null where it has none of the name. Errors: as of `Vault`. */
export async function providerOf(vault: Vault, issuer: string, signal: AbortSignal): Promise<string | null> {
  const found = await orNull(() => vault.call('read an issuer', (client, options) => client.getIssuer(issuer, options), signal));
  return found === null ? null : (found.provider ?? '');
}

/** Empty where nothing is known of the provider. */
export const identitiesOf = (provider: string | null): readonly string[] => identities[provider ?? ''] ?? [];
