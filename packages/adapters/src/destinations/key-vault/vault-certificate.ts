// The certificate of one hostname in a vault: each delivery is another version of it, so that whatever was told its secret without a version
// follows; seen, written and deleted only where its tag says that it is ours.
import { createHash, createPrivateKey, randomBytes } from 'node:crypto';
import type { DeletedCertificate, KeyVaultCertificateWithPolicy } from '@azure/keyvault-certificates';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { vaultNameOf } from '@hostmaster/core/key-vault/name';
import { clusterOperator } from '@hostmaster/core/operation/moves-next';
import { splitPem } from '@hostmaster/core/pki/chain';
import { type CertificateDestination, type Delivery, isDeliverable, requireDeliverable } from '@hostmaster/core/pki/destination';
import { pkcs12KeyStore } from '@hostmaster/core/pki/key-store-file';
import type { Vault } from './vault.ts';
import { orNull, refusalOf } from './vault-error.ts';

/** Whose it is: the hostname. */
const hostnameTag = 'hostmaster-hostname';
/** One call after the other fit into it, and what the vault takes to delete or recover. */
const operationMilliseconds = 30_000;
const deadline = (): AbortSignal => AbortSignal.timeout(operationMilliseconds);
const pollMilliseconds = 1000;

type Place = {
  readonly vault: Vault;
  /** Base URL of the portal, for whoever finds the certificate. */
  readonly portal: string;
};
type Bundle = Pick<KeyVaultCertificateWithPolicy, 'properties' | 'cer' | 'secretId'>;

const isOurs = ({ properties: { tags } }: Pick<Bundle, 'properties'>, hostname: string): boolean => tags?.[hostnameTag] === hostname;

/** PKCS #12, as Application Gateway takes it, under a passphrase that goes with it and is of use to nobody. */
function sealed({ hostname, fullchainPem, privateKeyPem }: Delivery): { readonly pfx: Uint8Array; readonly password: string } {
  const password = randomBytes(24).toString('base64url');
  const privateKey = createPrivateKey(privateKeyPem).export({ format: 'der', type: 'pkcs8' });
  const key = { privateKey, chain: splitPem(fullchainPem), alias: vaultNameOf(hostname) };
  return { pfx: pkcs12KeyStore(key, password, 'modern', (octets) => randomBytes(octets)), password };
}

/** Errors of its operations: invalid-input for a hostile name; delivery-failed. */
export function vaultDestination({ vault, portal }: Place): CertificateDestination {
  const { name } = vault;

  /** Null where there is none of the name that is not deleted. */
  async function found(hostname: string, signal: AbortSignal): Promise<Bundle | null> {
    const called = vaultNameOf(hostname);
    return orNull(() => vault.call('read a certificate', (client, options) => client.getCertificate(called, options), signal));
  }
  const deleted = (hostname: string, signal: AbortSignal): Promise<DeletedCertificate | null> =>
    orNull(() =>
      vault.call('read a deleted certificate', (client, options) => client.getDeletedCertificate(vaultNameOf(hostname), options), signal),
    );
  const foreign = (hostname: string, what: string, remedy: string): HostmasterError =>
    new HostmasterError(
      'delivery-failed',
      `${what} ${vaultNameOf(hostname)} in ${name} was not made by Hostmaster, and is left as it is. ${remedy}`,
      {
        movesNext: clusterOperator(name),
      },
    );
  const purge = (hostname: string): string =>
    `az keyvault certificate purge --id ${vault.origin}/deletedcertificates/${vaultNameOf(hostname)}`;

  /** A name that was deleted is held for as long as the vault keeps what it deleted: what is ours is recovered, and anybody else's is theirs. */
  async function recover(hostname: string, signal: AbortSignal): Promise<void> {
    const gone = await deleted(hostname, signal);
    if (gone === null) return;
    if (!isOurs(gone, hostname))
      throw foreign(
        hostname,
        'The deleted certificate',
        `Its name is held until it is purged: ${purge(hostname)} It may be recovered and deleted under another name before.`,
      );
    const begin = { intervalInMs: pollMilliseconds };
    await vault.call(
      'recover a certificate',
      async (client, options) =>
        (await client.beginRecoverDeletedCertificate(vaultNameOf(hostname), { ...begin, ...options })).pollUntilDone(),
      signal,
    );
  }

  return {
    async held(hostname) {
      if (!isDeliverable(hostname)) return null;
      const bundle = await found(hostname, deadline());
      if (bundle?.cer === undefined || !isOurs(bundle, hostname)) return null;
      return createHash('sha256').update(bundle.cer).digest('hex');
    },

    async deliver(delivery) {
      const { hostname } = delivery;
      requireDeliverable(hostname);
      vault.requirePermitted();
      const signal = deadline();
      const there = await found(hostname, signal);
      if (there !== null && !isOurs(there, hostname))
        throw foreign(hostname, 'The certificate', 'Delete and purge it there, or connect another vault.');
      if (there === null) await recover(hostname, signal);
      const { pfx, password } = sealed(delivery);
      const tags = { [hostnameTag]: hostname, 'hostmaster-portal': portal.slice(0, 256) };
      try {
        await vault.call(
          'import a certificate',
          (client, options) => client.importCertificate(vaultNameOf(hostname), pfx, { password, tags, ...options }),
          signal,
        );
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal?.status !== 409) throw error;
        throw new HostmasterError(
          'delivery-failed',
          `The name ${vaultNameOf(hostname)} is not free in ${name}: ${foreignWords(refusal.message)} A key or a secret of that name, deleted or not, holds it, too. Where it is deleted, purge it, or wait until the vault has.`,
          { cause: error, movesNext: clusterOperator(name) },
        );
      }
    },

    async withdraw(hostname) {
      requireDeliverable(hostname);
      const signal = deadline();
      const there = await found(hostname, signal);
      // What somebody else made in its place is theirs.
      if (there === null || !isOurs(there, hostname)) return;
      const begin = { intervalInMs: pollMilliseconds };
      await orNull(() =>
        vault.call(
          'delete a certificate',
          async (client, options) => (await client.beginDeleteCertificate(vaultNameOf(hostname), { ...begin, ...options })).pollUntilDone(),
          signal,
        ),
      );
    },

    async calledThere(hostname) {
      if (!isDeliverable(hostname)) return null;
      const bundle = await found(hostname, deadline());
      // Without a version: whoever was told one would stay with it.
      return bundle === null || !isOurs(bundle, hostname)
        ? null
        : { reference: `${vault.origin}/secrets/${vaultNameOf(hostname)}`, usedBy: [] };
    },
  };
}
