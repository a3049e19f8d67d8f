// What the fake of Key Vault has: certificates by name with their versions, and what was deleted and still holds its name.
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { chainToPem, toPem } from '@hostmaster/core/pki/chain';
import { readKeyStore } from '@hostmaster/core/pki/read-key-store';
import { type Answer, refusal } from './answer.ts';

export type Version = {
  readonly id: string;
  readonly chain: readonly Uint8Array[];
  readonly key: Uint8Array;
  readonly tags: Readonly<Record<string, string>>;
};
/** What is being made, or came to nothing; a vault keeps the last one of each name. */
export type Operation = {
  readonly requestId: string;
  readonly csr: Uint8Array;
  readonly issuer: string;
  status: 'inProgress' | 'completed' | 'failed' | 'cancelled';
  details: string;
  error: { readonly code: string; readonly message: string } | null;
  /** What it makes a version with. */
  readonly making: { readonly key: Uint8Array; readonly spki: Uint8Array; readonly names: readonly string[]; readonly months: number };
  readonly tags: Readonly<Record<string, string>>;
  /** How often somebody asked how far it is. */
  polled: number;
};
export type VaultCertificate = {
  readonly versions: Version[];
  isDeleted: boolean;
  operation?: Operation | null;
  /** Of what is ordered, as it was asked for. */
  policy?: object;
};
type Import = { readonly pfx: Uint8Array; readonly password: string; readonly tags: Readonly<Record<string, string>> };

const notFound = (kind: string, name: string): Answer =>
  refusal(404, kind, `A certificate with (name/id) ${name} was not found in this key vault.`);
export const heldByDeleted = (name: string): Answer =>
  refusal(
    409,
    'Conflict',
    `Certificate ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the certificate can only be recovered or purged.`,
    { innererror: { code: 'ObjectIsDeletedButRecoverable' } },
  );

export const busy = (): Answer =>
  refusal(
    409,
    'Forbidden',
    "A new key vault certificate can not be created or imported while a pending key vault certificate's status is inProgress.",
  );

/** @param address of the vault */
export function createFakeVault(address: string) {
  /** By name in lower case: a vault tells no names apart by their case. */
  const all = new Map<string, VaultCertificate>();

  function bundleOf(name: string, { versions, operation = null, policy = {} }: VaultCertificate): Record<string, unknown> {
    const newest = versions.at(-1);
    const pending = operation === null ? {} : { pending: { id: `${address}/certificates/${name}/pending` } };
    const described = { id: `${address}/certificates/${name}/policy`, secret_props: { contentType: 'application/x-pkcs12' }, ...policy };
    // Of the first version there is a number before there is a certificate.
    if (newest === undefined)
      return {
        id: `${address}/certificates/${name}/${operation?.requestId ?? ''}`,
        attributes: { enabled: false, recoveryLevel: 'Recoverable+Purgeable' },
        tags: operation?.tags ?? {},
        policy: described,
        ...pending,
      };
    const { id, chain, tags } = newest;
    const [leaf = new Uint8Array()] = chain;
    const { validFrom, validTo } = new X509Certificate(leaf);
    const seconds = (text: string) => Math.floor(Date.parse(text) / 1000);
    return {
      id: `${address}/certificates/${name}/${id}`,
      kid: `${address}/keys/${name}/${id}`,
      sid: `${address}/secrets/${name}/${id}`,
      x5t: createHash('sha1').update(leaf).digest('base64url'),
      cer: Buffer.from(leaf).toString('base64'),
      attributes: {
        enabled: true,
        nbf: seconds(validFrom),
        exp: seconds(validTo),
        recoveryLevel: 'Recoverable+Purgeable',
        recoverableDays: 90,
      },
      tags,
      policy: described,
      ...pending,
    };
  }
  const deletedBundle = (name: string, one: VaultCertificate) => ({
    ...bundleOf(name, one),
    recoveryId: `${address}/deletedcertificates/${name}`,
    deletedDate: 1_790_000_000,
    scheduledPurgeDate: 1_797_776_000,
  });
  const found = (name: string, isDeleted: boolean): VaultCertificate | null => {
    const one = all.get(name.toLowerCase());
    return one === undefined || one.isDeleted !== isDeleted ? null : one;
  };

  return {
    all,
    /** What Application Gateway would be handed under the secret without a version. */
    read(name: string): { readonly fullchainPem: string; readonly privateKeyPem: string } | null {
      const newest = found(name, false)?.versions.at(-1);
      if (newest === undefined) return null;
      return { fullchainPem: chainToPem(newest.chain), privateKeyPem: toPem(newest.key, 'PRIVATE KEY') };
    },
    /** Somebody of its owners purges what is deleted. */
    purge: (name: string) => all.delete(name.toLowerCase()),

    get(name: string): Answer {
      const one = found(name, false);
      return one === null ? notFound('CertificateNotFound', name) : { status: 200, body: bundleOf(name, one) };
    },
    getDeleted(name: string): Answer {
      const one = found(name, true);
      return one === null ? notFound('CertificateNotFound', name) : { status: 200, body: deletedBundle(name, one) };
    },
    delete(name: string): Answer {
      const one = found(name, false);
      if (one === null) return notFound('CertificateNotFound', name);
      one.isDeleted = true;
      return { status: 200, body: deletedBundle(name, one) };
    },
    recover(name: string): Answer {
      const one = found(name, true);
      if (one === null) return notFound('CertificateNotFound', name);
      one.isDeleted = false;
      return { status: 200, body: bundleOf(name, one) };
    },
    async import(name: string, { pfx, password, tags }: Import): Promise<Answer> {
      const bad = (message: string) => refusal(400, 'BadParameter', message);
      try {
        // OpenSSL opens it, whoever wrote it, and sees that the key is the leaf's.
        createSecureContext({ pfx: Buffer.from(pfx), passphrase: password });
      } catch {
        return bad(
          'The specified PKCS#12 X.509 certificate content can not be read. Please check if certificate is in valid PKCS#12 format.',
        );
      }
      const { keys, certificates } = await readKeyStore(pfx, password);
      const [key] = keys;
      if (key === undefined || certificates.length === 0) return bad('The certificate must contain a private key.');
      if (found(name, true) !== null) return heldByDeleted(name);
      if (found(name, false)?.operation?.status === 'inProgress') return busy();
      const one = all.get(name.toLowerCase()) ?? { versions: [], isDeleted: false };
      one.versions.push({ id: randomBytes(16).toString('hex'), chain: certificates, key, tags });
      all.set(name.toLowerCase(), one);
      return { status: 200, body: bundleOf(name, one) };
    },
  };
}
export type FakeVault = ReturnType<typeof createFakeVault>;
