// The internal CA and the root above it, as issuers. Serial and validity of a leaf are fixed when its order begins, so issuing
// it twice yields the same to-be-signed bytes.

import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { hostmaster } from '@hostmaster/core/operation/moves-next';
import { type AuthorityUrls, type IssuerIdentity, identityFor, leafTbs, signStructure } from '@hostmaster/core/pki/build-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { buildCrl } from '@hostmaster/core/pki/crl';
import type {
  Authority,
  CertificateAuthority,
  CertificateIssuer,
  CertificateOrder,
  IssuerCapabilities,
  IssuerConnection,
  IssuerDescriptor,
  OcspDelegation,
  OcspSigner,
} from '@hostmaster/core/pki/issuer';
import { ocspKeyContext } from '@hostmaster/core/pki/key-store';
import { serverContent } from '@hostmaster/core/pki/leaf-content';
import { lintLeaf, refuseFindings, same } from '@hostmaster/core/pki/lint';
import { ocspResponses } from '@hostmaster/core/pki/ocsp-response';
import { requestOf } from '@hostmaster/core/pki/order-request';
import { authorityKeys, orderValidity } from '@hostmaster/core/pki/profile';
import { isRenewalDue } from '@hostmaster/core/pki/renewal';
import { newSerial } from '@hostmaster/core/pki/serial';
import type { Signer } from '@hostmaster/core/pki/signer';
import { rootKind } from '@hostmaster/core/pki/source-traits';
import { minuteOf } from '@hostmaster/core/said-time';
import { z } from 'zod';
import type { WorkerKeyStore } from '../keys/key-store.ts';
import { authoritySigner, createIntermediate, createOcspSigner } from './authority.ts';

export type InternalCaOptions = {
  readonly clock: Clock;
  readonly keyStore: Pick<WorkerKeyStore, 'signer' | 'wrapKey' | 'makeAuthorityKey'>;
  readonly organisation: string;
  /** Where the certificate, the CRLs and the OCSP responder of a CA are found, by its slug. */
  readonly urlsOf: (slug: string) => AuthorityUrls;
};

const leftForTooLong = {
  reference: null,
  message: 'The order was left for so long that it begins anew.',
  movesNext: hostmaster,
  retryAfterSeconds: 0,
};

/** For good: an order that is placed anew goes to a CA that lasts. */
const endsTooSoon = (slug: string, end: Date): HostmasterError =>
  new HostmasterError('issuer-refused', `${slug} ends at ${minuteOf(end)}, too soon to sign a certificate that could be used.`);

/** What an order goes on from: what goes into its certificate and is chosen once. */
const resume = z.object({ serial: z.string(), notBefore: z.iso.datetime(), notAfter: z.iso.datetime() });

const ownCertificate = ({ slug, chain, key }: IssuerConnection<object>): CertificateAuthority => {
  const [certificate] = chain;
  if (certificate === undefined || key === null) throw new HostmasterError('issuer-unavailable', `The key of ${slug} is not kept here.`);
  return { certificate, key };
};

/** The key is opened when it is first needed and kept; one that cannot be read is tried again the next time. */
function keptSigner(own: CertificateAuthority, keyStore: Pick<WorkerKeyStore, 'signer'>) {
  let opened: { readonly signer: Signer; readonly identity: IssuerIdentity } | undefined;
  return () => {
    if (opened !== undefined) return opened;
    const signer = authoritySigner(own, keyStore);
    opened = { signer, identity: identityFor(own.certificate, signer) };
    return opened;
  };
}

function createAuthority(
  own: CertificateAuthority,
  open: ReturnType<typeof keptSigner>,
  more: Pick<Authority, 'crlAddress' | 'ocsp' | 'signIntermediate'>,
): Authority {
  return {
    certificate: own.certificate,
    async signCrl(draft) {
      const { signer, identity } = open();
      return buildCrl(draft, identity, signer);
    },
    ...more,
  };
}

/** The signer that was opened last is kept: there is one at a time. */
function ocspDelegation(own: CertificateAuthority, options: InternalCaOptions): OcspDelegation {
  const issuer = readCertificate(own.certificate);
  const openSigner = ({ certificate, key }: OcspSigner) => {
    const { spki } = readCertificate(certificate);
    const signer = options.keyStore.signer(key, ocspKeyContext(spki));
    // Refuses a key that is not that of the certificate.
    identityFor(certificate, signer);
    return ocspResponses(issuer, certificate, signer);
  };
  let last: { readonly of: OcspSigner; readonly opened: ReturnType<OcspDelegation['open']> } | undefined;
  return {
    createSigner: () => createOcspSigner(own, options),
    open(signer) {
      const { certificate, key } = signer;
      const isLast = last !== undefined && same(last.of.certificate, certificate) && same(last.of.key.ciphertext, key.ciphertext);
      if (last === undefined || !isLast) last = { of: signer, opened: openSigner(signer) };
      return last.opened;
    },
  };
}

const settings = z.strictObject({});
const rootSettings = z.strictObject({
  intermediateKey: z
    .enum(authorityKeys)
    .default('ecdsa-p256')
    .meta({ title: 'Key of the CAs below it', description: 'They are made here, whoever signs them.' }),
});
const capabilities: IssuerCapabilities = {
  leaves: true,
  wildcards: true,
  revoke: { no: 'what is revoked stands in the list that it signs' },
  renewalWindow: { no: 'it leaves the time to whoever renews' },
  authority: true,
  keepsKey: { no: 'it signs for a key of ours, or of a requester' },
  changeKey: { no: 'it has no account' },
};

/** The CA that signs leaves. */
export const internalCa: IssuerDescriptor<InternalCaOptions, typeof settings> = {
  kind: 'internal-ca',
  label: 'Internal CA',
  summary: 'Signs certificates here, under the root of this installation.',
  settings,
  secret: null,
  capabilities,
  checks: [],
  provesInDns: false,
  identifiedBy: [],
  ownKey: null,

  open(connection, options): CertificateIssuer {
    const { clock, keyStore, urlsOf } = options;
    const { slug, chain, profile } = connection;
    if (profile === null) throw new HostmasterError('issuer-unavailable', `${slug} has no profile.`);
    const own = ownCertificate(connection);
    const issuer = readCertificate(own.certificate);
    const urls = urlsOf(slug);
    const open = keptSigner(own, keyStore);
    const begin = ({ hours }: Pick<CertificateOrder, 'hours'>) => {
      const { notBefore, notAfter } = orderValidity(profile, issuer, clock.now(), hours);
      return { serial: newSerial(), notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() };
    };

    return {
      capabilities,
      authority: createAuthority(own, open, { crlAddress: urls.crl, ocsp: ocspDelegation(own, options), signIntermediate: null }),

      begin,

      async issue(order, stored, signal) {
        signal.throwIfAborted();
        const { serial, ...validity } = resume.parse(stored);
        const notBefore = new Date(validity.notBefore);
        const notAfter = new Date(validity.notAfter);
        const request = requestOf(order);
        // Its certificate would be due for renewal at once.
        if (isRenewalDue({ notBefore, notAfter }, clock.now())) {
          if (isRenewalDue(orderValidity(profile, issuer, clock.now(), order.hours), clock.now())) throw endsTooSoon(slug, issuer.notAfter);
          return { outcome: 'pending', resume: begin(order), ...leftForTooLong };
        }
        const { signer, identity } = open();
        const { content = serverContent, hours } = order;
        const tbs = leafTbs({ names: order.names, content, serial, notBefore, notAfter, spki: request.publicKey.spki }, identity, urls);
        refuseFindings(
          lintLeaf(tbs, {
            profile,
            issuer,
            issuerAlgorithm: signer.algorithm,
            publicKey: request.publicKey,
            content,
            ...(hours === undefined ? {} : { hours }),
          }),
        );
        return { outcome: 'issued', chain: [await signStructure(tbs, signer), ...chain] };
      },
    };
  },
};

const rootCapabilities: IssuerCapabilities = {
  ...capabilities,
  leaves: { no: 'the root signs other CAs alone' },
  wildcards: { no: 'it signs no leaves' },
};

/** The CA above it. */
export const internalRoot: IssuerDescriptor<InternalCaOptions, typeof rootSettings> = {
  kind: rootKind,
  label: 'Internal root',
  summary: 'What people install as trusted; it signs the internal CA and its own list.',
  settings: rootSettings,
  secret: null,
  capabilities: rootCapabilities,
  checks: [],
  provesInDns: false,
  identifiedBy: [],
  ownKey: null,

  open(connection, options): CertificateIssuer {
    const { intermediateKey: key } = connection.settings;
    const own = ownCertificate(connection);
    const urls = options.urlsOf(connection.slug);
    const refuse = (): never => {
      throw new HostmasterError('issuer-refused', `${connection.slug} signs other CAs alone.`);
    };
    return {
      capabilities: rootCapabilities,
      authority: createAuthority(own, keptSigner(own, options.keyStore), {
        crlAddress: urls.crl,
        ocsp: null,
        signIntermediate: (permittedSuffixes) => createIntermediate(own, { ...options, key, permittedSuffixes, urls }),
      }),
      begin: refuse,
      issue: async () => refuse(),
    };
  },
};
