import { splitPem } from '@hostmaster/core/pki/chain';
import type { CertificateOrder } from '@hostmaster/core/pki/issuer';
import { signsHere } from '@hostmaster/core/pki/source-traits';
import { inUse } from '@hostmaster/db/state-lists';
import type { Ctx } from '../context.ts';

type Placed = { readonly endpointId: string; readonly teamId: string; readonly issuerId: string };

/** The leaf of the same issuer that is in use; nothing where none is, or where the issuer is here. */
export async function predecessorOf(
  { db }: Pick<Ctx, 'db'>,
  { endpointId, teamId, issuerId }: Placed,
  kind: string,
): Promise<Pick<CertificateOrder, 'replaces' | 'replacesAs'>> {
  if (signsHere(kind)) return {};
  const where = { endpointId, issuerId, state: { in: inUse } };
  const order = { select: { teamId: true, reference: true } };
  const found = await db.certificate.findFirst({ where, orderBy: { issuedAt: 'desc' }, select: { chainPem: true, order } });
  const [replaces] = found === null ? [] : splitPem(found.chainPem);
  if (found === null || replaces === undefined) return {};
  const { teamId: of, reference } = found.order;
  return { replaces, ...(reference === null || of !== teamId ? {} : { replacesAs: reference }) };
}
