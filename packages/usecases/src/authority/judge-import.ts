import { HostmasterError } from '@hostmaster/core/errors';
import { readAuthorityPem } from '@hostmaster/core/pki/authority-rules';
import type { Certificate } from '@hostmaster/core/pki/certificate';
import { toPem } from '@hostmaster/core/pki/chain';
import { trustedRootStates } from '@hostmaster/core/pki/root-state';
import { rootKind } from '@hostmaster/core/pki/source-traits';
import type { Reader } from '@hostmaster/db/client';
import { refuse } from '../violation.ts';
import { judgeIntermediate, judgeRoot, type Root, requireRoot } from './judge.ts';

/** The CA that is first in the text: a root where it names itself as its issuer, else one below a root that is known here. Errors: invalid-input. */
export async function judgeImport(
  db: Reader,
  pem: string,
  now: Date,
): Promise<{ readonly certificate: Certificate; readonly root: Root | null }> {
  const { chain, violations } = readAuthorityPem(pem);
  refuse(violations);
  const [first] = chain;
  if (first !== undefined && Buffer.compare(first.subject, first.issuer) === 0)
    return { certificate: await judgeRoot(db, chain.length === 1 ? pem : toPem(first.der), now), root: null };
  const root = first === undefined ? null : await rootNamed(db, first.issuer);
  if (root === null) {
    const reason = 'It is signed by a root that is not known here, or that is withdrawn.';
    const remedy = 'Connect that root by its certificate first, or import it with its key.';
    throw new HostmasterError('invalid-input', reason, { violations: [{ rule: 'ca-signer', path: 'certificatePem', reason, remedy }] });
  }
  return { certificate: await judgeIntermediate(db, { root, spki: null, pem }, now), root };
}

async function rootNamed(db: Reader, subject: Uint8Array): Promise<Root | null> {
  const rows = await db.issuer.findMany({ where: { kind: rootKind, state: { in: [...trustedRootStates] } }, select: { id: true } });
  for (const { id } of rows) {
    const root = await requireRoot(db, id);
    if (Buffer.compare(root.certificate.subject, subject) === 0) return root;
  }
  return null;
}
