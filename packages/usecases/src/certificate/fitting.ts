import { leafContent } from '@hostmaster/core/contract/leaf-content';
import type { AdmittedContract } from '@hostmaster/core/contract/stored-contract';
import { day } from '@hostmaster/core/duration';
import type { Hostname } from '@hostmaster/core/hostname/hostname';
import { parseCsr } from '@hostmaster/core/pki/csr';
import { sameNames } from '@hostmaster/core/pki/issued';
import type { RevocationReason } from '@hostmaster/core/pki/issuer';
import { keyHolderOf } from '@hostmaster/core/pki/key-holder';
import { contentOf, type LeafContent, otherNames, sameContent, serverContent } from '@hostmaster/core/pki/leaf-content';
import { hoursAskedFor } from '@hostmaster/core/pki/lifetime';
import { defaultContractKey, serverProfile } from '@hostmaster/core/pki/profile';
import { sourceTraits } from '@hostmaster/core/pki/source-traits';
import type { Reader } from '@hostmaster/db/client';
import { inUse } from '@hostmaster/db/state-lists';
import { readStored } from '../stored-json.ts';

/** Names on the certificate of a contract, the hostname first. */
export const certificateNames = (contract: AdmittedContract): Hostname[] => [contract.hostname, ...contract.tls.extraNames];

type Ordered = {
  readonly names: readonly string[];
  readonly keyAlgorithm: string;
  readonly csr: Uint8Array | null;
  readonly keyId: string | null;
  /** Null: as many as its source gives. */
  readonly hours: number | null;
  /** As core/contract/leaf-content.ts has it; null: that of a server. */
  readonly content: unknown;
  readonly issuer: { readonly kind: string };
  readonly team: { readonly slug: string };
};

/** What an order asked for beside names and key. */
export const orderedContent = (stored: unknown): LeafContent =>
  stored === null ? serverContent : readStored(leafContent, stored, 'certificate_order.content');

const hoursOr = (hours: number | null): number => hours ?? serverProfile.lifetimeDays * 24;

/** Whether an order is for what the contract asks for: for its team, from such an issuer, for these names and for as long, with such a key and what else it holds. */
function fits(order: Ordered, contract: AdmittedContract): boolean {
  const { csr, source } = contract.tls;
  // Who brings a certificate brings whatever key it has, unless the contract names one.
  const key = contract.tls.key ?? (sourceTraits[source].brought ? order.keyAlgorithm : defaultContractKey);
  if (order.team.slug !== contract.team || order.issuer.kind !== source || !sameNames(order.names, certificateNames(contract)))
    return false;
  if (hoursOr(order.hours) !== hoursOr(hoursAskedFor(contract.tls)) || !sameContent(orderedContent(order.content), contentOf(contract.tls)))
    return false;
  const holder = keyHolderOf(order);
  if (csr === undefined) return holder === (sourceTraits[source].keepsKey ? 'issuer' : 'hostmaster') && order.keyAlgorithm === key;
  return order.csr !== null && Buffer.compare(order.csr, parseCsr(csr).der) === 0;
}

/**
 * Why a certificate whose place another has taken must not stay valid until it expires, in the words of RFC 5280 §5.3.1; null
 * where it may: whoever has its key still has the name, and every name on it.
 */
export function reasonToRevoke(
  { team, names, keyId, csr, content }: Omit<Ordered, 'issuer' | 'keyAlgorithm' | 'hours'>,
  contract: AdmittedContract,
): RevocationReason | null {
  if (team.slug !== contract.team) return 'affiliationChanged';
  const kept: readonly string[] = contract.tls.termination === 'none' ? [] : certificateNames(contract);
  if (names.some((name) => !kept.includes(name))) return 'cessationOfOperation';
  // An address or an identity that is given up is let go as a name is.
  const others = otherNames(contentOf(contract.tls));
  if (otherNames(orderedContent(content)).some((name) => !others.includes(name))) return 'cessationOfOperation';
  const wanted = contract.tls.csr === undefined ? null : parseCsr(contract.tls.csr).der;
  return keptBySame({ keyId, csr }, wanted) ? null : 'superseded';
}

/** Whether whoever has the key of an order has that of the CSR, too; null: Hostmaster has it, or an issuer, which hands it to nobody. */
function keptBySame({ keyId, csr }: Pick<Ordered, 'keyId' | 'csr'>, other: Uint8Array | null): boolean {
  const ofRequester = keyId === null ? csr : null;
  if (other === null || ofRequester === null) return other === ofRequester;
  return publicKeyOf(ofRequester).equals(publicKeyOf(other));
}

/** What is for a team or a name that the contract no longer has: whoever has the key has the name no more, and nobody is kept waiting for it. */
export const isLetGo = (reason: RevocationReason): boolean => reason === 'affiliationChanged' || reason === 'cessationOfOperation';

/** How long a requester whose key is not wanted any more can go on with the certificate for it, once another is issued that is not seen. */
export const daysForNewKey = 7;

type Issued = { readonly issuedAt: Date; readonly order: Pick<Ordered, 'keyId' | 'csr'> };

/**
 * When a certificate whose key another keeper's has taken the place of is revoked, whether the other is seen by then or not: its team
 * needs time to install that, and must not keep the old one by never doing so. null while none is issued, and where no requester has the key.
 * @param lineage every certificate of its endpoint
 */
export function revokedAtLast({ issuedAt, order }: Issued, lineage: readonly Issued[]): Date | null {
  if (keyHolderOf(order) !== 'requester') return null;
  const others = lineage.filter(
    (other) => other.issuedAt > issuedAt && !keptBySame(order, other.order.keyId === null ? other.order.csr : null),
  );
  return others.length === 0 ? null : new Date(Math.min(...others.map((other) => other.issuedAt.getTime())) + daysForNewKey * day);
}

const publicKeyOf = (csr: Uint8Array): Buffer => Buffer.from(parseCsr(csr).publicKey.spki);

/** What `reasonToRevoke` looks at. */
export const orderedFor = { names: true, csr: true, keyId: true, content: true, team: { select: { slug: true } } } as const;

const asOrdered = {
  names: true,
  keyAlgorithm: true,
  csr: true,
  keyId: true,
  reference: true,
  hours: true,
  content: true,
  issuer: { select: { kind: true } },
  team: { select: { slug: true } },
} as const;
/** More than one fits only for a moment: a successor takes the place of the others. */
const most = 5;

/** The endpoint's newest certificate in use that is what the contract asks for; null where none is. Its private key stays where it is. */
export async function fittingCertificate(db: Reader, endpointId: string, contract: AdmittedContract) {
  const rows = await db.certificate.findMany({
    where: { endpointId, state: { in: inUse } },
    orderBy: [{ issuedAt: 'desc' }, { id: 'desc' }],
    take: most,
    include: { order: { select: asOrdered } },
  });
  return rows.find(({ order }) => fits(order, contract)) ?? null;
}
export type FittingCertificate = NonNullable<Awaited<ReturnType<typeof fittingCertificate>>>;

/** The endpoint's newest open order that is what the contract asks for; null where none is. For a worker. */
export async function fittingOrder(db: Reader, endpointId: string, contract: AdmittedContract) {
  const rows = await db.certificateOrder.findMany({
    where: { endpointId, state: 'open' },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: most,
    include: { issuer: true, team: { select: { slug: true } } },
    omit: { keyCiphertext: true },
  });
  return rows.find((order) => fits(order, contract)) ?? null;
}
export type FittingOrder = NonNullable<Awaited<ReturnType<typeof fittingOrder>>>;
