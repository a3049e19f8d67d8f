import { advanceEndpoint } from '@hostmaster/core/endpoint/state';
import { appendAudit } from '@hostmaster/db/audit';
import { standing } from '@hostmaster/db/state-lists';
import { auditActor } from '../actor-audit.ts';
import { stopServing } from './certificate.ts';
import { commitStep, type StepResult, skipped, type Work } from './step.ts';
import type { Subject } from './subject.ts';

/** How long a retired name is held back before another team may have it. */
const quarantineDays = 30;

/** The records were seen gone on every server: stop serving, revoke what is in use, hold the name back. */
export async function retire(work: Work, subject: Subject): Promise<StepResult> {
  const { ctx } = work;
  const { id, hostname, state, liveSince } = subject.endpoint;
  // A run that was killed after its last step had committed.
  if (state === 'retired') return skipped('Gone from every server.');
  work.step = 'certificate-served';
  await stopServing(work, subject);
  const now = ctx.clock.now();
  const quarantineEnds = liveSince === null ? null : new Date(now.getTime() + quarantineDays * 86_400_000);
  await commitStep(work, 'certificate-served', 'skipped', 'No longer served; certificates in use are revoked.', async (tx) => {
    await tx.certificate.updateMany({
      where: { endpointId: id, state: { in: standing } },
      data: { state: 'revoked', revokedAt: now, revocationReason: 'cessationOfOperation' },
    });
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
        quarantineEnds,
      },
    });
    await appendAudit(tx, {
      ...auditActor(ctx.actor),
      at: now,
      action: 'endpoint.retire',
      subjectKind: 'endpoint',
      subjectId: id,
      subject: hostname,
      detail: { quarantineEnds: quarantineEnds?.toISOString() ?? null },
    });
  });
  return skipped(quarantineEnds === null ? 'Gone from every server.' : `Gone from every server; held back for ${quarantineDays} days.`);
}
