import { advanceEndpoint } from '@hostmaster/core/endpoint/state';
import { appendAudit } from '@hostmaster/db/audit';
import { auditActor } from '../actor-audit.ts';
import { commitStep, type StepResult, skipped, type Work } from './step.ts';
import type { Subject } from './subject.ts';

/** How long a retired name is held back before another team may have it. */
const quarantineDays = 30;

/** The records were seen gone on every server: stop serving, revoke what is in use, hold the name back. */
export async function retire(work: Work, subject: Subject): Promise<StepResult> {
  const { ctx } = work;
  const { id, hostname, state } = subject.endpoint;
  for (const name of subject.names) await ctx.withdraw?.(name);
  const now = ctx.clock.now();
  await commitStep(work, 'certificate-served', 'skipped', 'No longer served; certificates in use are revoked.', async (tx) => {
    const inUse = { endpointId: id, state: { in: ['ordered', 'issued', 'served'] as ('ordered' | 'issued' | 'served')[] } };
    await tx.certificate.updateMany({ where: inUse, data: { state: 'revoked', revokedAt: now, revocationReason: 'cessationOfOperation' } });
    await tx.observation.deleteMany({ where: { endpointId: id, kind: 'endpoint' } });
    if (work.operation.requestId !== null)
      await tx.request.updateMany({ where: { id: work.operation.requestId, state: 'approved' }, data: { state: 'applied' } });
    await tx.endpoint.updateMany({
      where: { id, state },
      data: {
        state: advanceEndpoint(state, 'observe-gone'),
        summary: null,
        changedAt: now,
        liveSince: null,
        nextCheckAt: null,
        quarantineEnds: new Date(now.getTime() + quarantineDays * 86_400_000),
      },
    });
    await appendAudit(tx, {
      ...auditActor(ctx.actor),
      at: now,
      action: 'endpoint.retire',
      subjectKind: 'endpoint',
      subjectId: id,
      subject: hostname,
      detail: { quarantineDays },
    });
  });
  return skipped(`Gone from every server; held back for ${quarantineDays} days.`);
}
