import type { AdmittedContract } from '@hostmaster/core/contract/stored-contract';
import type { Hostname } from '@hostmaster/core/hostname/hostname';
import { parseCsr } from '@hostmaster/core/pki/csr';
import { sameNames } from '@hostmaster/core/pki/issued';
import { defaultContractKey } from '@hostmaster/core/pki/profile';
import type { Reader } from '@hostmaster/db/client';
import { inUse } from '@hostmaster/db/state-lists';

/** Names on the certificate of a contract, the hostname first. */
export const certificateNames = (contract: AdmittedContract): Hostname[] => [contract.hostname, ...contract.tls.extraNames];

type Ordered = {
  readonly names: readonly string[];
  readonly keyAlgorithm: string;
  readonly csr: Uint8Array;
  readonly keyId: string | null;
  readonly issuer: { readonly kind: string };
};

/** Whether an order is for what the contract asks for: from such an issuer, for these names, with such a key. */
function fits(order: Ordered, contract: AdmittedContract): boolean {
  const { key = defaultContractKey, csr, source } = contract.tls;
  if (order.issuer.kind !== source || !sameNames(order.names, certificateNames(contract))) return false;
  if (csr === undefined) return order.keyId !== null && order.keyAlgorithm === key;
  return Buffer.compare(order.csr, parseCsr(csr).der) === 0;
}

const asOrdered = { names: true, keyAlgorithm: true, csr: true, keyId: true, issuer: { select: { kind: true } } } as const;
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
    include: { issuer: { omit: { crl: true } } },
    omit: { keyCiphertext: true },
  });
  return rows.find((order) => fits(order, contract)) ?? null;
}
export type FittingOrder = NonNullable<Awaited<ReturnType<typeof fittingOrder>>>;
