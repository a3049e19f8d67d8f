// How the CAs of this installation come to be: roots, name-constrained intermediates under them, requests for those that a root
// elsewhere signs, and what was made elsewhere and is brought with its key.
import type { Clock } from '@hostmaster/core/clock';
import {
  type AuthorityUrls,
  authorityCsr,
  identityFor,
  intermediateTbs,
  ocspSignerTbs,
  rootTbs,
  signStructure,
} from '@hostmaster/core/pki/build-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import type { AuthorityMaker, CertificateAuthority, OcspSigner } from '@hostmaster/core/pki/issuer';
import { keyIdentifier } from '@hostmaster/core/pki/key-policy';
import { authorityKeyContext, ocspKeyContext } from '@hostmaster/core/pki/key-store';
import { refuseFindings } from '@hostmaster/core/pki/lint';
import { lintIntermediate } from '@hostmaster/core/pki/lint-intermediate';
import { lintOcspSigner, ocspSignerDays } from '@hostmaster/core/pki/lint-ocsp-signer';
import { type AuthorityKey, backdated } from '@hostmaster/core/pki/profile';
import type { Validity } from '@hostmaster/core/pki/renewal';
import { newSerial } from '@hostmaster/core/pki/serial';
import type { Signer } from '@hostmaster/core/pki/signer';
import { makeWrappedKey, type WorkerKeyStore } from '../keys/key-store.ts';
import { readPrivateKey } from '../keys/read-private-key.ts';

export type IntermediateOptions = {
  readonly clock: Clock;
  readonly keyStore: Pick<WorkerKeyStore, 'wrapKey' | 'signer' | 'makeAuthorityKey'>;
  readonly organisation: string;
  /** DNS suffixes that the intermediate may issue for, A-labels. */
  readonly permittedSuffixes: readonly string[];
  /** The key that is made for it; P-256 where nobody says. */
  readonly key?: AuthorityKey;
  /** Where the root's certificate and CRL will be found. */
  readonly urls: AuthorityUrls;
};

const day = 24 * 3600 * 1000;
const rootYears = 20;
const intermediateYears = 5;
/** CA certificates begin a day back, well before the backdated leaves they sign. */
const backdate = day;

/** Opens the key of a CA for signing. Errors: key-unreadable. */
export function authoritySigner(authority: CertificateAuthority, keyStore: Pick<WorkerKeyStore, 'signer'>): Signer {
  return keyStore.signer(authority.key, authorityKeyContext(readCertificate(authority.certificate).spki));
}

type AuthorityOptions = Pick<IntermediateOptions, 'clock' | 'organisation'> & {
  readonly keyStore: Pick<WorkerKeyStore, 'wrapKey' | 'makeAuthorityKey'>;
};

function authorityDraft(clock: Clock, years: number, spki: Uint8Array) {
  const begin = Math.floor(clock.now().getTime() / 1000) * 1000 - backdate;
  return { serial: newSerial(), notBefore: new Date(begin), notAfter: new Date(begin + years * 365 * day - 1000), spki };
}

/** The part of a validity in which the issuer is valid too. */
const within = (issuer: Validity, { notBefore, notAfter }: Validity): Validity => ({
  notBefore: notBefore < issuer.notBefore ? issuer.notBefore : notBefore,
  notAfter: notAfter > issuer.notAfter ? issuer.notAfter : notAfter,
});

/** Tells CAs of one organisation apart: two of one name and different keys are one issuer to some verifiers, which then take the CRL of the other. */
const shortKeyId = (spki: Uint8Array): string => Buffer.from(keyIdentifier(spki)).toString('hex', 0, 4).toUpperCase();

/** Makes a self-signed root of 20 years. @param added there is one already, from whose name its own is told apart. Errors: invalid-input, key-unreadable. */
export async function createRoot(
  { clock, keyStore, organisation }: AuthorityOptions,
  { key: algorithm, added }: { readonly key: AuthorityKey; readonly added: boolean } = { key: 'ecdsa-p384', added: false },
): Promise<CertificateAuthority> {
  const { signer, key } = await keyStore.makeAuthorityKey(algorithm);
  const commonName = added ? `${organisation} Root ${shortKeyId(signer.spki)}` : `${organisation} Root`;
  const draft = { ...authorityDraft(clock, rootYears, signer.spki), commonName, organisation };
  return { certificate: await signStructure(rootTbs(draft, signer.algorithm), signer), key };
}

const issuingName = (organisation: string, spki: Uint8Array): string => `${organisation} Issuing ${shortKeyId(spki)}`;

/**
 * Makes an intermediate under a root: 5 years, path length 0, name constraints to the permitted suffixes.
 * @param options.urls where the root's certificate and CRL are found.
 * Errors: invalid-input, issuer-refused (it would break a rule), key-unreadable.
 */
export async function createIntermediate(root: CertificateAuthority, options: IntermediateOptions): Promise<CertificateAuthority> {
  const { clock, keyStore, organisation, permittedSuffixes, urls, key: algorithm = 'ecdsa-p256' } = options;
  const rootSigner = authoritySigner(root, keyStore);
  const { signer, key } = await keyStore.makeAuthorityKey(algorithm);
  const issuer = readCertificate(root.certificate);
  const fresh = authorityDraft(clock, intermediateYears, signer.spki);
  const draft = { ...fresh, ...within(issuer, fresh), commonName: issuingName(organisation, signer.spki), organisation };
  const tbs = intermediateTbs(draft, identityFor(root.certificate, rootSigner), permittedSuffixes, urls);
  refuseFindings(lintIntermediate(tbs, { issuer, issuerAlgorithm: rootSigner.algorithm }));
  return { certificate: await signStructure(tbs, rootSigner), key };
}

/**
 * Makes a signer of OCSP responses for a CA, whose key is always wrapped, for it signs very many: P-256, 30 days, and never longer than the CA.
 * Errors: issuer-refused (its certificate would break a rule), key-unreadable.
 */
export async function createOcspSigner(
  authority: CertificateAuthority,
  { clock, keyStore, organisation }: Omit<IntermediateOptions, 'permittedSuffixes' | 'urls'>,
): Promise<OcspSigner> {
  const authorityKey = authoritySigner(authority, keyStore);
  const issuer = readCertificate(authority.certificate);
  const { signer, key } = await makeWrappedKey('ecdsa-p256', ocspKeyContext, keyStore.wrapKey);
  const notBefore = backdated(clock.now());
  const validity = within(issuer, { notBefore, notAfter: new Date(notBefore.getTime() + ocspSignerDays * day - 1000) });
  const commonName = `${organisation} OCSP ${shortKeyId(signer.spki)}`;
  const draft = { serial: newSerial(), ...validity, spki: signer.spki, commonName, organisation };
  const tbs = ocspSignerTbs(draft, identityFor(authority.certificate, authorityKey));
  refuseFindings(lintOcspSigner(tbs, { issuer, issuerAlgorithm: authorityKey.algorithm }));
  return { certificate: await signStructure(tbs, authorityKey), key };
}

/** Makes both at once. Errors: invalid-input, key-unreadable. */
export async function createInternalCa(
  options: IntermediateOptions,
): Promise<{ root: CertificateAuthority; intermediate: CertificateAuthority }> {
  const root = await createRoot(options);
  return { root, intermediate: await createIntermediate(root, options) };
}

type MakerOptions = AuthorityOptions & {
  /** Where the certificate and the CRL of a CA are found, by its slug. */
  readonly urlsOf: (slug: string) => AuthorityUrls;
};

/** Everything of the above that a worker is asked for. */
export function createAuthorityMaker(options: MakerOptions): AuthorityMaker {
  const { keyStore, organisation, urlsOf } = options;
  return {
    root: (wish) => createRoot(options, wish),
    async request({ key: algorithm, permittedSuffixes, root }) {
      const { signer, key } = await keyStore.makeAuthorityKey(algorithm);
      const name = { commonName: issuingName(organisation, signer.spki), organisation };
      return { csr: await authorityCsr(signer, name, permittedSuffixes, urlsOf(root)), key };
    },
    adopt(certificate, { keyPem, passphrase }) {
      const { spki } = readCertificate(certificate);
      const pkcs8 = readPrivateKey(keyPem, passphrase, spki);
      try {
        return { certificate, key: keyStore.wrapKey(pkcs8, authorityKeyContext(spki)) };
      } finally {
        pkcs8.fill(0);
      }
    },
  };
}
