import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import { parseCsr } from '@hostmaster/core/pki/csr';
import type { Db, Reader } from '@hostmaster/db/client';
import { standing } from '@hostmaster/db/state-lists';

export type CertificateRow = NonNullable<Awaited<ReturnType<Db['certificate']['findFirst']>>>;

const sameNames = (a: readonly string[], b: readonly string[]): boolean => [...a].sort().join(' ') === [...b].sort().join(' ');

/** Names on the certificate of a contract, the hostname first. */
export const certificateNames = (contract: EndpointContract): string[] => [contract.hostname, ...contract.tls.extraNames];

function fits(row: CertificateRow, contract: EndpointContract): boolean {
  const { key, csr } = contract.tls;
  if (!sameNames(row.names, certificateNames(contract))) return false;
  if (csr === undefined) return row.keyCiphertext !== null && row.keyAlgorithm === key;
  return Buffer.compare(row.csr, parseCsr(csr).der) === 0;
}

/** The endpoint's newest certificate, ordered or issued, that is what the contract asks for; null where none is. */
export async function fittingCertificate(db: Reader, endpointId: string, contract: EndpointContract): Promise<CertificateRow | null> {
  const rows = await db.certificate.findMany({
    where: { endpointId, state: { in: standing } },
    orderBy: { createdAt: 'desc' },
    take: 5,
  });
  return rows.find((row) => fits(row, contract)) ?? null;
}
