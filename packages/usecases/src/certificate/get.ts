import type { Certificate, certificateQuery } from '@hostmaster/core/contract/certificate';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { certificateInclude, presentCertificate } from './present.ts';
import { lookedAt } from './seen.ts';

/** One certificate with its chain, by its serial as people copy it: any case, with or without colons and leading zeros. Errors: forbidden, not-found. */
export async function getCertificate(ctx: Ctx, { serial }: z.output<typeof certificateQuery>): Promise<Certificate> {
  authorize(ctx.actor, 'certificate.read');
  const digits = serial.replaceAll(':', '').toUpperCase();
  const bare = digits.replace(/^0+(?=.)/, '');
  const row = await ctx.db.certificate.findFirst({
    where: { serial: { in: [digits, bare, bare.length % 2 === 1 ? `0${bare}` : `00${bare}`] } },
    // Two issuers may have given the same serial.
    orderBy: [{ issuedAt: 'desc' }, { id: 'desc' }],
    include: certificateInclude,
  });
  if (row === null) throw new HostmasterError('not-found', `There is no certificate with the serial ${digits}.`);
  const looked = await lookedAt(ctx.db, [row.endpointId]);
  return presentCertificate(row, looked.get(row.endpointId) ?? [], ctx.clock.now());
}
