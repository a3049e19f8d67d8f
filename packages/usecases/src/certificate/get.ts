import type { CertificateDetail, certificateQuery } from '@hostmaster/core/contract/certificate';
import { splitPem } from '@hostmaster/core/pki/chain';
import { describeExtensions } from '@hostmaster/core/pki/describe-extensions';
import { tellsUse } from '@hostmaster/core/pki/source-traits';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { findCertificate } from './find.ts';
import { presentCertificate, presentKept } from './present.ts';
import { lookedAt } from './seen.ts';

/** One certificate with its chain, and all that stands in it. Errors: forbidden, not-found. */
export async function getCertificate(ctx: Ctx, { serial }: z.output<typeof certificateQuery>): Promise<CertificateDetail> {
  authorize(ctx.actor, 'certificate.read');
  const row = await findCertificate(ctx.db, serial);
  const { issuerId } = row;
  const { reference } = row.order;
  const kept =
    reference === null ? null : await ctx.db.keptCertificate.findUnique({ where: { issuerId_reference: { issuerId, reference } } });
  const looked = await lookedAt(ctx.db, [row.endpointId]);
  return {
    ...presentCertificate(ctx, row, looked.get(row.endpointId) ?? []),
    kept: kept === null ? null : presentKept(kept, tellsUse(row.issuer.kind)),
    extensions: splitPem(row.chainPem).map((der) => describeExtensions(der).map((each) => ({ ...each, lines: [...each.lines] }))),
  };
}
