// The internal CA: an offline-able P-384 root and a name-constrained P-256 intermediate that signs the leaves. An order
// fixes serial and validity before anything is signed, so issuing it twice yields the same to-be-signed bytes.
import { createPrivateKey } from 'node:crypto';
import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import {
  type AuthorityUrls,
  type IssuerIdentity,
  identityFor,
  intermediateTbs,
  leafTbs,
  rootTbs,
  signStructure,
} from '@hostmaster/core/pki/build-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { buildCrl, type CrlDraft } from '@hostmaster/core/pki/crl';
import { checkRequestedNames, parseCsr } from '@hostmaster/core/pki/csr';
import type { CertificateIssuer, CertificateOrder } from '@hostmaster/core/pki/issuer';
import { keyIdentifier } from '@hostmaster/core/pki/key-policy';
import type { SealedSecret } from '@hostmaster/core/pki/key-store';
import { lintLeaf, refuseFindings } from '@hostmaster/core/pki/lint';
import type { CertificateProfile } from '@hostmaster/core/pki/profile';
import { newSerial } from '@hostmaster/core/pki/serial';
import { type Signer, signerFor } from '@hostmaster/core/pki/signer';
import { generateKey } from '../keys/generate-key.ts';
import type { WorkerKeyStore } from '../keys/key-store.ts';

/** A CA as it is stored: its certificate, DER, and its private key, wrapped. */
export type CertificateAuthority = { readonly certificate: Uint8Array; readonly key: SealedSecret };

export type InternalCaOptions = {
  readonly clock: Clock;
  readonly keyStore: Pick<WorkerKeyStore, 'wrapKey'>;
  readonly organisation: string;
  /** DNS suffixes that the intermediate may issue for, A-labels. */
  readonly permittedSuffixes: readonly string[];
  /** Where the root's certificate and CRL will be found. */
  readonly urls: AuthorityUrls;
};

const day = 24 * 3600 * 1000;
const rootYears = 20;
const intermediateYears = 5;
/** CA certificates begin a day back, well before the backdated leaves they sign. */
const backdate = day;

/** The key store context of a CA's key: it follows from its certificate, so that a key in a foreign row does not open. */
function authorityKeyContext(spki: Uint8Array): string {
  return `ca-key:${Buffer.from(keyIdentifier(spki)).toString('hex')}`;
}

/** Opens the key of a CA for signing. Errors: key-unreadable. */
export function authoritySigner(authority: CertificateAuthority, keyStore: Pick<WorkerKeyStore, 'signer'>): Signer {
  return keyStore.signer(authority.key, authorityKeyContext(readCertificate(authority.certificate).spki));
}

async function freshAuthorityKey(algorithm: 'ecdsa-p256' | 'ecdsa-p384', keyStore: Pick<WorkerKeyStore, 'wrapKey'>) {
  const { pkcs8, spki } = await generateKey(algorithm);
  const signer = signerFor(createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }));
  return { signer, key: keyStore.wrapKey(pkcs8, authorityKeyContext(spki)) };
}

type AuthorityOptions = Pick<InternalCaOptions, 'clock' | 'keyStore' | 'organisation'>;

function authorityDraft(clock: Clock, years: number, spki: Uint8Array) {
  const begin = Math.floor(clock.now().getTime() / 1000) * 1000 - backdate;
  return { serial: newSerial(), notBefore: new Date(begin), notAfter: new Date(begin + years * 365 * day - 1000), spki };
}

/** Makes a self-signed root: P-384, 20 years. Errors: invalid-input. */
export async function createRoot({ clock, keyStore, organisation }: AuthorityOptions): Promise<CertificateAuthority> {
  const { signer, key } = await freshAuthorityKey('ecdsa-p384', keyStore);
  const draft = { ...authorityDraft(clock, rootYears, signer.spki), commonName: `${organisation} Root`, organisation };
  return { certificate: await signStructure(rootTbs(draft, signer.algorithm), signer), key };
}

/**
 * Makes an intermediate under a root: P-256, 5 years, path length 0, name constraints to the permitted suffixes.
 * @param options.urls where the root's certificate and CRL are found.
 * Errors: invalid-input, key-unreadable.
 */
export async function createIntermediate(
  root: CertificateAuthority,
  options: Omit<InternalCaOptions, 'keyStore'> & { readonly keyStore: Pick<WorkerKeyStore, 'wrapKey' | 'signer'> },
): Promise<CertificateAuthority> {
  const { clock, keyStore, organisation, permittedSuffixes, urls } = options;
  const rootSigner = authoritySigner(root, keyStore);
  const { signer, key } = await freshAuthorityKey('ecdsa-p256', keyStore);
  const draft = { ...authorityDraft(clock, intermediateYears, signer.spki), commonName: `${organisation} Issuing`, organisation };
  const tbs = intermediateTbs(draft, identityFor(root.certificate, rootSigner), permittedSuffixes, urls);
  return { certificate: await signStructure(tbs, rootSigner), key };
}

/** Makes both at once. Errors: invalid-input, key-unreadable. */
export async function createInternalCa(
  options: Omit<InternalCaOptions, 'keyStore'> & { readonly keyStore: Pick<WorkerKeyStore, 'wrapKey' | 'signer'> },
): Promise<{ root: CertificateAuthority; intermediate: CertificateAuthority }> {
  const root = await createRoot(options);
  return { root, intermediate: await createIntermediate(root, options) };
}

export type InternalCaIssuerOptions = {
  readonly intermediate: CertificateAuthority;
  /** What is served above the leaf: the intermediate, and any above it except the root; DER. */
  readonly chain: readonly Uint8Array[];
  readonly keyStore: Pick<WorkerKeyStore, 'signer'>;
  readonly profile: CertificateProfile;
  readonly clock: Clock;
  /** Where the intermediate's certificate and CRL are found. */
  readonly urls: AuthorityUrls;
};

/** A request that cannot be read is refused by the issuer with the rules it broke, like any other broken rule. */
function readRequest(order: CertificateOrder) {
  try {
    return parseCsr(order.csr);
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    throw new HostmasterError('issuer-refused', error.message, { violations: error.violations, cause: error });
  }
}

/** The issuer of the internal CA. Its key is opened with the first order and kept; a key that cannot be read is tried again with the next. */
export function createInternalCaIssuer(options: InternalCaIssuerOptions): CertificateIssuer {
  const { intermediate, chain, keyStore, profile, clock, urls } = options;
  const issuer = readCertificate(intermediate.certificate);
  let opened: { signer: Signer; identity: IssuerIdentity } | undefined;

  const open = () => {
    const signer = authoritySigner(intermediate, keyStore);
    return { signer, identity: identityFor(intermediate.certificate, signer) };
  };

  return {
    kind: 'internal-ca',
    capabilities: { wildcards: true, revoke: { no: 'Revocation is published in the CRL, not asked of the issuer.' }, resumable: true },

    async issue(order, signal) {
      signal.throwIfAborted();
      const request = readRequest(order);
      const violations = checkRequestedNames(request, order.names);
      if (violations.length > 0) {
        throw new HostmasterError('issuer-refused', violations.map(({ reason }) => reason).join(' '), { violations });
      }
      if (clock.now() > order.notAfter) throw new HostmasterError('issuer-refused', 'The validity of the order has passed.');
      opened ??= open();
      const { signer, identity } = opened;
      const tbs = leafTbs({ ...order, spki: request.publicKey.spki }, identity, urls);
      refuseFindings(lintLeaf(tbs, { profile, issuer, issuerAlgorithm: signer.algorithm, publicKey: request.publicKey }));
      return { chain: [await signStructure(tbs, signer), ...chain] };
    },
  };
}

/** A CRL of a CA, DER. Errors: invalid-input, key-unreadable. */
export async function signCrl(
  authority: CertificateAuthority,
  keyStore: Pick<WorkerKeyStore, 'signer'>,
  draft: CrlDraft,
): Promise<Uint8Array> {
  const signer = authoritySigner(authority, keyStore);
  return buildCrl(draft, identityFor(authority.certificate, signer), signer);
}
