import { issuerChain, rootOf, toPem } from '@hostmaster/core/pki/chain';
import type { Reader } from '@hostmaster/db/client';

/** The roots that issuers keep at the end of their chains, PEM, each once, the oldest first. @param but a kind to leave out */
export async function knownRoots(db: Reader, but = ''): Promise<readonly string[]> {
  const rows = await db.issuer.findMany({ where: { kind: { not: but } }, select: { chainPem: true }, orderBy: { createdAt: 'asc' } });
  const roots = rows.map(({ chainPem }) => rootOf(issuerChain(chainPem)));
  return [...new Set(roots.flatMap((root) => (root === null ? [] : toPem(root))))];
}
