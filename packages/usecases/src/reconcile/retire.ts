import { splitPem } from '@hostmaster/core/pki/chain';
import type { Tx } from '@hostmaster/db/client';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import { stopServing } from './deliver.ts';
import { holdClaim, type StepResult, stepDone, type Work } from './step.ts';
import type { Run, Subject } from './subject.ts';

/** How long a retired name is held back before another team may have it. */
const quarantineDays = 30;

/** The step after the records were seen gone on every server: stop serving, revoke what is still valid, hold the name back. */
export async function withdrawn({ work, subject }: Run): Promise<StepResult> {
  const { ctx } = work;
  const { id, hostname, liveSince } = subject.endpoint;
  await stopServing(work, subject);
  const valid = await validCertificates(work, subject);
  await revokeWhereIssued(work, valid);
  const now = ctx.clock.now();
  const quarantineEnds = liveSince === null ? null : new Date(now.getTime() + quarantineDays * 86_400_000);
  const held = quarantineEnds === null ? 'Gone from every server.' : `Gone from every server; held back for ${quarantineDays} days.`;
  return stepDone(work, held, async (tx) => {
    await revokeAll(tx, work, subject, valid, now);
    await tx.observation.deleteMany({ where: { endpointId: id, kind: 'endpoint' } });
    if (work.operation.requestId !== null) await transition(tx, 'request', { id: work.operation.requestId }, 'applied');
    // None moves where a run that was killed after this had retired it already.
    const moved = await transition(tx, 'endpoint', { id }, 'observe-gone', {
      changedAt: now,
      liveSince: null,
      nextCheckAt: null,
      quarantineEnds,
    });
    if (moved > 0)
      await audit(tx, ctx, 'endpoint.retire', { id, name: hostname }, { quarantineEnds: quarantineEnds?.toISOString() ?? null }, now);
  });
}

const reason = 'cessationOfOperation';

/** Every certificate of the endpoint that somebody could still present, superseded ones included. */
const validCertificates = ({ ctx }: Work, { endpoint }: Subject) =>
  ctx.db.certificate.findMany({
    where: { endpointId: endpoint.id, notAfter: { gt: ctx.clock.now() }, state: { not: 'revoked' } },
    include: { issuer: true },
  });
type Valid = Awaited<ReturnType<typeof validCertificates>>;

/** Tells the issuers that are told; what another one signs stands in the list that is signed next. Errors: issuer-unavailable, issuer-refused. */
async function revokeWhereIssued(work: Work, certificates: Valid): Promise<void> {
  for (const { issuer: row, chainPem } of certificates) {
    const issuer = await work.ctx.issuer(row);
    const [leaf] = splitPem(chainPem);
    if (issuer.revoke === undefined || leaf === undefined) continue;
    await holdClaim(work);
    await issuer.revoke(leaf, reason, work.signal);
  }
}

/** Orders are given up. */
async function revokeAll(tx: Tx, { ctx }: Work, { endpoint }: Subject, certificates: Valid, now: Date): Promise<void> {
  await transition(tx, 'certificateOrder', { endpointId: endpoint.id }, 'abandon', { closedAt: now });
  for (const { id, serial } of certificates) {
    const moved = await transition(tx, 'certificate', { id }, 'revoke', { revokedAt: now, revocationReason: reason });
    if (moved > 0) await audit(tx, ctx, 'certificate.revoke', { id, name: endpoint.hostname }, { serial, reason }, now);
  }
}
