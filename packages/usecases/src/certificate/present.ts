import type { Certificate, CertificateRow, chainCertificate, KeptCertificate } from '@hostmaster/core/contract/certificate';
import { type CertificateState, isInUse } from '@hostmaster/core/pki/certificate-state';
import { splitPem } from '@hostmaster/core/pki/chain';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import { type RevocationReason, revocationReasons } from '@hostmaster/core/pki/issuer';
import { keyHolderOf } from '@hostmaster/core/pki/key-holder';
import { daysLeft, urgencyOf, type Validity } from '@hostmaster/core/pki/renewal';
import { isBrought } from '@hostmaster/core/pki/source-traits';
import { may } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';
import { type Looked, seenOf } from './seen.ts';

/** What a certificate's list row is made of, however it was read. */
export type CertificateFacts = Validity & {
  readonly id: string;
  readonly serial: string;
  readonly state: CertificateRow['state'];
  readonly names: readonly string[];
  readonly endpointId: string;
  /** Slugs. */
  readonly team: string;
  readonly environment: string;
  readonly certificateOnly: boolean;
  readonly issuer: string;
  readonly keyAlgorithm: string;
  readonly fingerprint: string;
  readonly renewAfter: Date;
};

/** How much of a certificate's life is left: whole days, and the fraction from 1 (fresh) to 0 (expired). */
export function presentValidity(certificate: Validity & { readonly state: CertificateRow['state'] }, now: Date) {
  const { notBefore, notAfter, state } = certificate;
  const fraction = (notAfter.getTime() - now.getTime()) / Math.max(1, notAfter.getTime() - notBefore.getTime());
  return {
    notAfter: timestampOf(notAfter),
    daysLeft: daysLeft(certificate, now),
    lifetimeLeft: Math.round(Math.min(1, Math.max(0, fraction)) * 10_000) / 10_000,
    // Nobody is served what was superseded or revoked, so that it ends is no matter of urgency.
    urgency: isInUse(state) ? urgencyOf(certificate, now) : ('none' as const),
  };
}

export const presentCertificateRow = (row: CertificateFacts, looked: Looked, now: Date): CertificateRow => ({
  id: row.id,
  serial: row.serial,
  state: row.state,
  seen: seenOf(row, looked),
  names: [...row.names],
  endpointId: row.endpointId,
  team: row.team,
  environment: row.environment,
  certificateOnly: row.certificateOnly,
  issuer: row.issuer,
  keyAlgorithm: row.keyAlgorithm,
  fingerprint: row.fingerprint,
  notBefore: timestampOf(row.notBefore),
  renewAfter: timestampOf(row.renewAfter),
  ...presentValidity(row, now),
});

type Described = z.output<typeof chainCertificate>;
/** What was described for the same answer, by its bytes: the certificates of one lineage share their intermediates, and reading one takes milliseconds. */
export type DescribedChains = Map<string, Described>;

/** The certificates of a chain, as they describe themselves. Errors: invalid-input where one is none. */
export const presentChain = (pem: string, described: DescribedChains = new Map()): Described[] =>
  splitPem(pem).map((der) => {
    const bytes = Buffer.from(der).toString('latin1');
    const known = described.get(bytes) ?? describe(der);
    described.set(bytes, known);
    return known;
  });

function describe(der: Uint8Array): Described {
  const { subjectAltNames, otherNames, notBefore, notAfter, ...rest } = describeCertificate(der);
  return {
    ...rest,
    notBefore: timestampOf(notBefore),
    notAfter: timestampOf(notAfter),
    subjectAltNames: [...subjectAltNames, ...otherNames],
  };
}

/** Relations that a full certificate's answer needs; key material and requests stay where they are. */
export const certificateInclude = {
  order: { select: { keyId: true, csr: true, teamId: true, reference: true } },
  issuer: { select: { slug: true, kind: true } },
  endpoint: { select: { environment: true, certificateOnly: true, teamId: true, team: { select: { slug: true } } } },
  keyExports: { where: { takenAt: { not: null } }, select: { takenAt: true, asker: { select: { name: true } } } },
  revocationRequests: {
    orderBy: { askedAt: 'desc' },
    take: 1,
    select: { reason: true, comment: true, askerName: true, askedAt: true },
  },
} as const;

type RevocationWish = { readonly reason: string; readonly comment: string; readonly askerName: string; readonly askedAt: Date };

const isReason = (word: string): word is RevocationReason => Object.hasOwn(revocationReasons, word);
const reasonOf = (word: string | null): RevocationReason => (word !== null && isReason(word) ? word : 'unspecified');

type Revocation = {
  readonly state: CertificateState;
  readonly notAfter: Date;
  readonly revokedAt: Date | null;
  readonly revocationReason: string | null;
  readonly revocationRefusedAt: Date | null;
  readonly revocationRequests: readonly RevocationWish[];
};

const presentRevocation = (
  { state, notAfter, revokedAt, revocationReason, revocationRefusedAt, revocationRequests: [asked] }: Revocation,
  now: Date,
): Pick<Certificate, 'revoked' | 'revocationAsked'> => ({
  revoked: state === 'revoked' && revokedAt !== null ? { at: timestampOf(revokedAt), reason: reasonOf(revocationReason) } : null,
  revocationAsked:
    asked === undefined
      ? null
      : {
          by: asked.askerName,
          at: timestampOf(asked.askedAt),
          reason: reasonOf(asked.reason),
          comment: asked.comment,
          open: state !== 'revoked' && notAfter > now && (revocationRefusedAt === null || asked.askedAt > revocationRefusedAt),
        },
});

type Stored = Omit<CertificateFacts, 'team' | 'environment' | 'certificateOnly' | 'issuer'> & {
  readonly issuer: { readonly slug: string; readonly kind: string };
  readonly endpoint: {
    readonly environment: string;
    readonly certificateOnly: boolean;
    readonly teamId: string;
    readonly team: { readonly slug: string };
  };
  readonly order: {
    readonly keyId: string | null;
    readonly csr: Uint8Array | null;
    readonly teamId: string;
    readonly reference: string | null;
  };
  readonly chainPem: string;
  readonly issuedAt: Date;
  readonly servedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revocationReason: string | null;
  readonly revocationRequests: readonly RevocationWish[];
  readonly revocationRefusal: string | null;
  readonly revocationRefusedAt: Date | null;
  readonly keyExports: readonly { readonly takenAt: Date | null; readonly asker: { readonly name: string } }[];
};

type KeptRow = Omit<KeptCertificate, 'lookedAt' | 'removedAt' | 'inUseBy' | 'renewedBy'> & {
  readonly inUseBy: string[];
  readonly lookedAt: Date | null;
  readonly removedAt: Date | null;
};

/** @param tellsUse whether its issuer says what uses it (core/pki/source-traits.ts) */
export const presentKept = (
  { reference, inUseBy, eligible, renewal, why, lookedAt, removedAt }: KeptRow,
  tellsUse: boolean,
): KeptCertificate => ({
  ...{ reference, eligible, renewal, why },
  inUseBy: tellsUse ? inUseBy : null,
  renewedBy: tellsUse ? 'issuer' : 'hostmaster',
  lookedAt: timestampOrNull(lookedAt),
  removedAt: timestampOrNull(removedAt),
});

const presentTaking = ([taken]: Stored['keyExports']): Certificate['keyTaken'] =>
  taken === undefined || taken.takenAt === null ? null : { by: taken.asker.name, at: timestampOf(taken.takenAt) };

export const presentCertificate = (
  { actor, clock }: Pick<Ctx, 'actor' | 'clock'>,
  { issuer, endpoint, order, ...row }: Stored,
  looked: Looked,
  described?: DescribedChains,
  now: Date = clock.now(),
): Certificate => ({
  ...presentCertificateRow({ ...row, ...endpoint, issuer: issuer.slug, team: endpoint.team.slug }, looked, now),
  chain: presentChain(row.chainPem, described),
  chainPem: row.chainPem,
  keyHolder: keyHolderOf(order),
  brought: isBrought(issuer.kind),
  keyTaken: presentTaking(row.keyExports),
  issuedAt: timestampOf(row.issuedAt),
  servedAt: timestampOrNull(row.servedAt),
  ...presentRevocation(row, now),
  permissions: {
    revoke: row.state !== 'revoked' && row.notAfter > now && may(actor, 'certificate.revoke', { team: endpoint.team.slug }),
    exportKey:
      order.keyId !== null &&
      order.teamId === endpoint.teamId &&
      row.keyExports.length === 0 &&
      isInUse(row.state) &&
      row.notAfter > now &&
      may(actor, 'certificate.export-key', { team: endpoint.team.slug }),
  },
  revocationRefused:
    row.revocationRefusal === null || row.revocationRefusedAt === null
      ? null
      : { at: timestampOf(row.revocationRefusedAt), reason: row.revocationRefusal },
});
