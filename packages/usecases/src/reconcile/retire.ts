import { advanceEndpoint } from '@hostmaster/core/endpoint/state';
import { appendAudit } from '@hostmaster/db/audit';
import { auditActor } from '../actor-audit.ts';
import { commitStep, holdClaim, type StepResult, skipped, type Work } from './step.ts';
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
  const names = await servedNames(work, subject);
  await holdClaim(work);
  for (const name of names) await ctx.withdraw?.(name);
  const now = ctx.clock.now();
  const quarantineEnds = liveSince === null ? null : new Date(now.getTime() + quarantineDays * 86_400_000);
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

/** Every name that a certificate of the endpoint was ever delivered for, save those that another endpoint has now. */
async function servedNames(work: Work, subject: Subject): Promise<string[]> {
  const { db } = work.ctx;
  const { id } = subject.endpoint;
  const certificates = await db.certificate.findMany({ where: { endpointId: id }, select: { names: true } });
  const names = [...new Set([...subject.names, ...certificates.flatMap((certificate) => certificate.names)])];
  const others = await db.endpoint.findMany({
    where: { hostname: { in: names }, id: { not: id }, state: { not: 'retired' } },
    select: { hostname: true },
  });
  return names.filter((name) => !others.some(({ hostname }) => hostname === name));
}
