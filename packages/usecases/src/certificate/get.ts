import type { Certificate, certificateQuery } from '@hostmaster/core/contract/certificate';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { findCertificate } from './find.ts';
import { presentCertificate } from './present.ts';
import { lookedAt } from './seen.ts';

/** One certificate with its chain. Errors: forbidden, not-found. */
export async function getCertificate(ctx: Ctx, { serial }: z.output<typeof certificateQuery>): Promise<Certificate> {
  authorize(ctx.actor, 'certificate.read');
  const row = await findCertificate(ctx.db, serial);
  const looked = await lookedAt(ctx.db, [row.endpointId]);
  return presentCertificate(ctx, row, looked.get(row.endpointId) ?? []);
}
