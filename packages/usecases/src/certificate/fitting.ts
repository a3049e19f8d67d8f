import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import { isInUse } from '@hostmaster/core/pki/certificate-state';
import { parseCsr } from '@hostmaster/core/pki/csr';
import type { Db, Reader } from '@hostmaster/db/client';
import { standing } from '@hostmaster/db/state-lists';

export type CertificateRow = NonNullable<Awaited<ReturnType<Db['certificate']['findFirst']>>>;

const sameNames = (a: readonly string[], b: readonly string[]): boolean => [...a].sort().join(' ') === [...b].sort().join(' ');

/** Names on the certificate of a contract, the hostname first. */
export const certificateNames = (contract: EndpointContract): string[] => [contract.hostname, ...contract.tls.extraNames];

/** A certificate but for its wrapped key, which the portal may not read. */
type KeylessRow = Omit<CertificateRow, 'keyCiphertext'>;

function fits(row: KeylessRow, contract: EndpointContract): boolean {
  const { key, csr } = contract.tls;
  if (!sameNames(row.names, certificateNames(contract))) return false;
  if (csr === undefined) return row.keyId !== null && row.keyAlgorithm === key;
  return Buffer.compare(row.csr, parseCsr(csr).der) === 0;
}

const standingOf = (endpointId: string) =>
  ({ where: { endpointId, state: { in: standing } }, orderBy: { createdAt: 'desc' }, take: 5 }) as const;

/** The endpoint's newest certificate, ordered or issued, that is what the contract asks for; null where none is. For a worker. */
export async function fittingCertificate(db: Reader, endpointId: string, contract: EndpointContract): Promise<CertificateRow | null> {
  const rows = await db.certificate.findMany(standingOf(endpointId));
  return rows.find((row) => fits(row, contract)) ?? null;
}

/** Whether that one is issued already; for whoever may not read its key. */
export async function hasFittingCertificate(db: Reader, endpointId: string, contract: EndpointContract): Promise<boolean> {
  const rows = await db.certificate.findMany({ ...standingOf(endpointId), omit: { keyCiphertext: true } });
  const there = rows.find((row) => fits(row, contract));
  return there !== undefined && isInUse(there.state);
}
