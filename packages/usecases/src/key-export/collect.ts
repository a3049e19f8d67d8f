import type { SealedKey } from '@hostmaster/core/contract/key-export';
import { HostmasterError } from '@hostmaster/core/errors';
import { exportMilliseconds } from '@hostmaster/core/pki/key-export';
import { authorize } from '@hostmaster/core/policy/authorize';
import { lockOf } from '@hostmaster/db/locks';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { requireExportable } from './exportable.ts';

/**
 * Hands over what a worker sealed, and the certificate says from then on who took its key. Whoever took it, and had no answer, is handed
 * the same again while the ten minutes last: it opens in their browser alone.
 * Errors: not-found (of nobody else; or the ten minutes are over), forbidden (no maintainer any more), conflict (somebody was first).
 */
export async function collectKey(ctx: Ctx, { id }: { readonly id: string }): Promise<SealedKey> {
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const row = await tx.keyExport.findFirst({
      where: { id, askerId: ctx.actor.id, createdAt: { gt: new Date(now.getTime() - exportMilliseconds) } },
      select: {
        ...{ sealed: true, takenAt: true },
        certificate: {
          select: {
            ...{ id: true, serial: true, state: true, notAfter: true, names: true },
            order: { select: { keyId: true, csr: true, teamId: true } },
            endpoint: { select: { teamId: true, team: { select: { slug: true } } } },
          },
        },
      },
    });
    if (row === null || row.sealed === null) throw new HostmasterError('not-found', 'There is no key to take; ask for it once more.');
    const { certificate, sealed, takenAt } = row;
    const answer = { sealed: Buffer.from(sealed).toString('base64') };
    authorize(ctx.actor, 'certificate.export-key', { team: certificate.endpoint.team.slug });
    if (takenAt !== null) return answer;
    // Of two who take it at once, the second sees that the first did.
    await lockOf(tx, 'key-export', certificate.id);
    await requireExportable(tx, certificate, now);
    const { count } = await tx.keyExport.updateMany({ where: { id, takenAt: null, sealed: { not: null } }, data: { takenAt: now } });
    if (count === 0) throw new HostmasterError('conflict', 'It was taken a moment ago.');
    const about = { id: certificate.id, name: certificate.names[0] ?? certificate.serial };
    await audit(tx, ctx, 'certificate.take-key', about, { serial: certificate.serial }, now);
    return answer;
  });
}
