// The certificate half: keep what is good, go on with what was ordered, order what is missing or due.

import { HostmasterError } from '@hostmaster/core/errors';
import { keyHolderOf } from '@hostmaster/core/pki/key-holder';
import { endOf } from '@hostmaster/core/pki/renewal';
import { takesBrought } from '@hostmaster/core/pki/source-traits';
import type { Tx } from '@hostmaster/db/client';
import { writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { type FittingCertificate, fittingOrder } from '../certificate/fitting.ts';
import { takeBackLeft } from '../certificate/proofs.ts';
import { takeBrought, waitForBrought } from '../import/take.ts';
import { deliver, withdraw } from './deliver.ts';
import { askIssuer, type InTransaction, type Obtained, placeOrder, shortSerial } from './order.ts';
import { removeKept } from './remove-kept.ts';
import { revokeLetGo, revokeLost, revokeReplaced, revokeStanding, revokeUnreplaced, unlessLater } from './revoke.ts';
import { csrIsOver, isToBeRevoked } from './revoke-asked.ts';
import { type StepResult, stepDone, stepSkipped, stepWaits, turnTo, type Work } from './step.ts';
import { currentCertificate, type Run, type Subject, usesTls } from './subject.ts';

/**
 * Whether a certificate need not be replaced yet: it is not due, and nobody asked to revoke it. Only its requester replaces their own key, and
 * nobody but its team one that was brought: that is good to its end.
 */
const isGood = async (work: Work, subject: Subject, certificate: FittingCertificate): Promise<boolean> =>
  (takesBrought(subject.contract) ? certificate.notAfter : certificate.renewAfter) > work.ctx.clock.now() &&
  (keyHolderOf(certificate.order) === 'requester' || !(await isToBeRevoked(work, subject, certificate)));

/**
 * The step that makes sure that a fitting certificate is issued. From here on the request has done what was asked of it:
 * records and certificate are there. Errors: issuer-refused, issuer-unavailable, key-unreadable.
 */
export async function certificateIssued(run: Run): Promise<StepResult> {
  const { work, subject } = run;
  const { requestId } = work.operation;
  await takeBackLeft(work.ctx, { endpointId: subject.endpoint.id }, work.signal);
  const complete = async (tx: Tx): Promise<void> => {
    if (requestId !== null) await transition(tx, 'request', { id: requestId }, 'applied');
  };
  if (usesTls(subject)) {
    if (await revokeLost(work, subject)) run.certificate = undefined;
    await revokeUnreplaced(work, subject);
    const { certificate, result } = await ensureCertificate(run, complete);
    if (certificate === null) return result;
    await revokeLetGo(work, subject, certificate);
    await revokeStanding(work, subject);
    return result;
  }
  // First, so that it does not wait for a server that ends TLS and cannot be written to.
  await transact(work.ctx.db, async (tx) => {
    await writeOperation(tx, work.claim, { step: work.step });
    await supersedeOthers(tx, subject, null, work.ctx.clock.now());
  });
  await revokeReplaced(work, subject);
  await unlessLater(() => removeKept(work, subject));
  await withdraw(work, subject, 'every name');
  return stepSkipped(work, 'TLS does not end where we issue for.', complete);
}

/** A certificate in use is renewed first: it must not expire while the rest waits for a name server. */
export async function renewInUse(run: Run): Promise<void> {
  const { work, subject } = run;
  if (subject.endpoint.liveSince === null || !usesTls(subject)) return;
  const inUse = await currentCertificate(run);
  if (inUse === null || (await isGood(work, subject, inUse))) return;
  const step = work.step;
  turnTo(work, 'certificate-issued');
  try {
    const { certificate } = await ensureCertificate(run);
    if (certificate !== null) await deliver(work, subject, certificate);
  } catch (error) {
    // What somebody asked for does not wait for its issuer, and is no better off later where it has expired: the step of its own tries again.
    if (!(error instanceof HostmasterError && error.kind.retryable)) throw error;
  }
  turnTo(work, step);
}

/** Only the certificate that is seen in use is renewed, and nothing else is waited for; null: none is. */
export async function supersedeOthers(tx: Tx, subject: Subject, inUse: { readonly id: string } | null, now: Date): Promise<void> {
  const endpointId = subject.endpoint.id;
  await transition(tx, 'certificate', { endpointId, ...(inUse === null ? {} : { id: { not: inUse.id } }) }, 'supersede');
  await transition(tx, 'certificateOrder', { endpointId }, 'abandon', { closedAt: now });
}

/** An issuer is asked once in a run. @param also committed together with the certificate. */
async function ensureCertificate(run: Run, also?: InTransaction): Promise<Obtained> {
  const { work, subject } = run;
  const { ctx } = work;
  if (run.pending !== undefined) return { certificate: null, result: run.pending };
  const existing = await currentCertificate(run);
  const brought = takesBrought(subject.contract) ? await takeBrought(work, subject, also) : null;
  if (brought !== null) {
    run.certificate = brought.certificate;
    return brought;
  }
  if (existing !== null && (await isGood(work, subject, existing))) {
    const message = `Serial ${shortSerial(existing.serial)} is valid until ${endOf(existing)}.`;
    return { certificate: existing, result: await stepDone(work, message, also) };
  }
  if (takesBrought(subject.contract)) {
    run.pending = await waitForBrought(work, subject);
    return { certificate: null, result: run.pending };
  }
  const over = await csrIsOver(ctx.db, subject);
  if (over !== null) {
    run.pending = await stepWaits(work, { message: over, movesNext: subject.endpoint.team });
    return { certificate: null, result: run.pending };
  }
  const open = await fittingOrder(ctx.db, subject.endpoint.id, subject.contract);
  const obtained = await askIssuer(work, subject, open ?? (await placeOrder(work, subject)), also);
  run.certificate = obtained.certificate ?? existing;
  if (obtained.certificate === null) run.pending = obtained.result;
  return obtained;
}
