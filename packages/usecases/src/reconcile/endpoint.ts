// Brings one endpoint from its approved revision to a name that answers: admitted, records applied, verified on every
// server, certificate issued, served, reachable. Every step looks first whether the world is there already, so that a run
// that was killed anywhere is simply run again.

import { advanceEndpoint } from '@hostmaster/core/endpoint/state';
import { HostmasterError } from '@hostmaster/core/errors';
import { appendAudit } from '@hostmaster/db/audit';
import type { Tx } from '@hostmaster/db/client';
import { saveObservations } from '@hostmaster/db/observation';
import { standing } from '@hostmaster/db/state-lists';
import { auditActor } from '../actor-audit.ts';
import { readmit } from './admit.ts';
import { currentCertificate, deliver, ensureCertificate, isGood, stopServing } from './certificate.ts';
import { observeEndpoint } from './probe.ts';
import { applyRecords, observeDns, rememberRecords, verifiedOrWaiting } from './records.ts';
import { retire } from './retire.ts';
import { commitStep, done, type StepResult, skipped, type Work } from './step.ts';
import { loadSubject, type Subject, usesTls } from './subject.ts';

/** Milliseconds between looks within one run, for a world that needs a moment; longer waits let go of the lease. */
const looks = [25, 50, 100, 200, 400, 800];
/** No look is begun after this, for a world that takes long to answer. */
const looksMilliseconds = 1600;
const checkEverySeconds = 60;

/** Errors: those of the steps; FenceLost where somebody else has taken over. */
export async function reconcileEndpoint(work: Work): Promise<StepResult> {
  const { endpointId } = work.operation;
  if (endpointId === null) throw new HostmasterError('internal', 'The operation names no endpoint.');
  const subject = await loadSubject(work.ctx, work.ctx.db, endpointId);
  if (subject.endpoint.liveSince !== null && usesTls(subject)) await renewInUse(work, subject);
  if (!aboutCertificateAlone(work)) {
    if (!leavesRecords(work)) {
      await readmit(work, subject);
      await applied(work, subject);
    }
    const verified = await untilSettled(work, () => verify(work, subject));
    if (verified.outcome === 'wait') return verified;
  }
  if (subject.recordSets.length === 0) return retire(work, subject);

  await issued(work, subject);
  const served = await untilSettled(work, () => probe(work, subject));
  return served.outcome === 'wait' ? served : live(work, subject, served.message);
}

/** Whether this only looks ("check now"): what somebody changed in the zone by hand is said, and left to people. */
const leavesRecords = (work: Work): boolean => work.trail.some(({ step, state }) => step === 'records-applied' && state === 'skipped');

/** Whether this is a renewal (sweep/due-renewals.ts), which does not depend on what name servers say. */
const aboutCertificateAlone = (work: Work): boolean =>
  work.trail.some(({ step, state }) => step === 'records-verified' && state === 'skipped');

/** Looks again a few times before the wait becomes the operation's. */
async function untilSettled(work: Work, look: () => Promise<StepResult>): Promise<StepResult> {
  const began = performance.now();
  let result = await look();
  for (const pause of looks) {
    if (result.outcome !== 'wait' || performance.now() - began + pause > looksMilliseconds) return result;
    await new Promise((resolve) => setTimeout(resolve, pause));
    work.signal.throwIfAborted();
    result = await look();
  }
  return result;
}

/** A certificate in use is renewed first: it must not expire while the rest waits for a name server. */
async function renewInUse(work: Work, subject: Subject): Promise<void> {
  const { ctx } = work;
  const inUse = await currentCertificate(ctx.db, subject);
  if (inUse === null || inUse.state === 'ordered' || isGood(inUse, ctx.clock.now())) return;
  await deliver(work, subject, await ensureCertificate(work, subject));
}

async function applied(work: Work, subject: Subject): Promise<void> {
  const { ctx } = work;
  work.step = 'records-applied';
  const first = !work.trail.some(({ step, state }) => step === 'records-applied' && state === 'done');
  const { message, current } = await applyRecords(work, subject);
  const now = ctx.clock.now();
  await commitStep(work, 'records-applied', 'done', message, async (tx) => {
    await rememberRecords(tx, subject, current, now);
    // Also where a run that was killed had written them already: the trail tells what happened, not who finished.
    if (first && subject.changes.length > 0)
      await appendAudit(tx, {
        ...auditActor(ctx.actor),
        at: now,
        action: 'records.apply',
        subjectKind: 'endpoint',
        subjectId: subject.endpoint.id,
        subject: subject.endpoint.hostname,
        detail: { zone: subject.zone.apex, changes: JSON.parse(JSON.stringify(subject.changes)) },
      });
  });
}

async function verify(work: Work, subject: Subject): Promise<StepResult> {
  work.step = 'records-verified';
  const view = await observeDns(work.ctx, subject, work.signal);
  const result = verifiedOrWaiting(subject, view);
  await commitStep(work, 'records-verified', result.outcome === 'wait' ? 'waiting' : 'done', result.message, (tx) =>
    saveObservations(tx, subject.endpoint.id, 'dns', view.observations, work.ctx.clock.now()),
  );
  return result;
}

/** From here on the request has done what was asked of it: records and certificate are there. */
async function issued(work: Work, subject: Subject): Promise<void> {
  work.step = 'certificate-issued';
  const { requestId } = work.operation;
  const complete = async (tx: Tx): Promise<void> => {
    if (requestId !== null) await tx.request.updateMany({ where: { id: requestId, state: 'approved' }, data: { state: 'applied' } });
  };
  if (usesTls(subject)) {
    await ensureCertificate(work, subject, complete);
    return;
  }
  await stopServing(work, subject);
  await commitStep(work, 'certificate-issued', 'skipped', 'TLS does not end where we issue for.', async (tx) => {
    await complete(tx);
    await supersedeOthers(tx, subject, null);
  });
}

/** Only the certificate that is seen in use is renewed; null: none is. */
const supersedeOthers = (tx: Tx, subject: Subject, inUse: { readonly id: string } | null) =>
  tx.certificate.updateMany({
    where: {
      endpointId: subject.endpoint.id,
      state: { in: standing },
      ...(inUse === null ? {} : { id: { not: inUse.id } }),
    },
    data: { state: 'superseded' },
  });

async function probe(work: Work, subject: Subject): Promise<StepResult> {
  const { ctx } = work;
  work.step = 'certificate-served';
  const certificate = usesTls(subject) ? await currentCertificate(ctx.db, subject) : null;
  const delivered = certificate === null ? 'delivered' : await deliver(work, subject, certificate);
  const view = await observeEndpoint(ctx, subject, certificate, work.signal);
  const now = ctx.clock.now();
  const keep = (tx: Tx) => saveObservations(tx, subject.endpoint.id, 'endpoint', view.observations, now);
  const movesNext = delivered === 'requester' ? subject.endpoint.team : 'the server that ends TLS';

  if (!view.served.served) {
    const message =
      delivered === 'requester'
        ? `${subject.endpoint.team} installs the certificate, since the key is theirs. ${view.served.message}`
        : view.served.message;
    await commitStep(work, 'certificate-served', 'waiting', message, keep);
    return { outcome: 'wait', message, movesNext, seconds: null };
  }
  if (certificate === null) await commitStep(work, 'certificate-served', 'skipped', view.served.message, keep);
  else
    await commitStep(work, 'certificate-served', 'done', view.served.message, async (tx) => {
      await keep(tx);
      await tx.certificate.updateMany({ where: { id: certificate.id, state: 'issued' }, data: { state: 'served', servedAt: now } });
      await supersedeOthers(tx, subject, certificate);
    });
  if (!view.reachable.served) {
    await commitStep(work, 'reachable', 'waiting', view.reachable.message);
    return { outcome: 'wait', message: view.reachable.message, movesNext: subject.endpoint.team, seconds: null };
  }
  return done(view.reachable.message);
}

async function live(work: Work, subject: Subject, message: string): Promise<StepResult> {
  const { ctx } = work;
  const now = ctx.clock.now();
  const { id, hostname, state } = subject.endpoint;
  await commitStep(work, 'reachable', 'done', message, async (tx) => {
    await tx.endpoint.updateMany({
      where: { id, state },
      data: {
        state: advanceEndpoint(state, 'observe-healthy'),
        summary: null,
        checkedAt: now,
        nextCheckAt: new Date(now.getTime() + checkEverySeconds * 1000),
        ...(state === 'live' ? {} : { liveSince: now, changedAt: now }),
      },
    });
    if (state !== 'live')
      await appendAudit(tx, {
        ...auditActor(ctx.actor),
        at: now,
        action: 'endpoint.live',
        subjectKind: 'endpoint',
        subjectId: id,
        subject: hostname,
        detail: { revision: subject.revision },
      });
  });
  return skipped('Everything is as approved.');
}
