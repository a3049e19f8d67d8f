// What somebody asked to revoke. Whether it may be was decided when they asked; the wish stands in the database, and what is to be
// done for it follows from the certificate. One that is in use is revoked once another is seen in its place, so that nobody meets a
// name without one: but not a minute later than it can be where others know its key, and where its key is the requester's, who
// alone can replace it.
import { HostmasterError } from '@hostmaster/core/errors';
import { isInUse } from '@hostmaster/core/pki/certificate-state';
import { parseCsr } from '@hostmaster/core/pki/csr';
import { keyHolderOf } from '@hostmaster/core/pki/key-holder';
import { keyFingerprint } from '@hostmaster/core/pki/key-policy';
import type { Db } from '@hostmaster/db/client';
import { askedRevocations, compromisedKey } from '@hostmaster/db/revocation-request';
import { shortSerial } from './order.ts';
import { loaded, type Revocable, revoke } from './revoke.ts';
import { type StepResult, stepDone, turnTo, type Work } from './step.ts';
import { currentCertificate, loadSubject, type Run, type Subject, usesTls } from './subject.ts';

/** What is still to be revoked: at once, or once another certificate is seen. */
async function wanted({ ctx }: Work, endpointId: string, replaced: boolean): Promise<{ now: Revocable[]; later: Revocable[] }> {
  const asked = new Map((await askedRevocations(ctx.db, endpointId, ctx.clock.now())).map((wish) => [wish.certificateId, wish]));
  if (asked.size === 0) return { now: [], later: [] };
  const rows = await ctx.db.certificate.findMany({
    where: { id: { in: [...asked.keys()] } },
    include: loaded,
    orderBy: { issuedAt: 'asc' },
  });
  const all = rows.flatMap((row) => {
    const wish = asked.get(row.id);
    return wish === undefined ? [] : [{ ...row, reason: wish.reason, asked: wish }];
  });
  const waits = ({ reason, state, order }: Revocable) => replaced && reason !== 'keyCompromise' && isInUse(state) && order.keyId !== null;
  return { now: all.filter((one) => !waits(one)), later: all.filter(waits) };
}

/**
 * First in every run, whatever it is for: what need not wait for another certificate.
 * @returns the result of a run that was for nothing else; null where it goes on
 * Errors, where nothing else is left of the run: those of an issuer that cannot be asked now.
 */
export async function revokeAskedFirst(work: Work): Promise<StepResult | null> {
  const { operation, ctx } = work;
  const { endpointId, purpose } = operation;
  if (endpointId === null) return null;
  const isForThis = purpose === 'revocation';
  if (!isForThis && (await askedRevocations(ctx.db, endpointId, ctx.clock.now())).length === 0) return null;
  const { state } = await ctx.db.endpoint.findUniqueOrThrow({ where: { id: endpointId }, select: { state: true } });
  const subject = state === 'retired' ? null : await loadSubject(ctx, ctx.db, endpointId);
  const replaced = subject !== null && usesTls(subject);
  const { now, later } = await wanted(work, endpointId, replaced);
  const postponed = await tellNow(work, now);
  if (!isForThis || later.length > 0 || (replaced && !(await isReplaced(work, subject)))) return null;
  turnTo(work, 'certificate-revoked');
  if (postponed !== null) throw postponed;
  return stepDone(work, await outcome(work, endpointId));
}

/** Whether nothing is left to do but to revoke: a certificate that fits is seen on the wire, and it is not one that Hostmaster replaces. */
async function isReplaced(work: Work, subject: Subject): Promise<boolean> {
  const certificate = await currentCertificate({ work, subject, view: null, certificate: undefined, pending: undefined });
  return (
    certificate?.state === 'served' &&
    (keyHolderOf(certificate.order) === 'requester' || !(await isToBeRevoked(work, subject, certificate)))
  );
}

/** The last step of work that was begun for it: what was in use has been replaced. Errors: those of an issuer that cannot be asked now. */
export async function certificateRevoked({ work, subject }: Run): Promise<StepResult> {
  const { id } = subject.endpoint;
  const { now } = await wanted(work, id, usesTls(subject));
  await revoke(work, now);
  return stepDone(work, await outcome(work, id));
}

/** @returns why some of it is to be asked again */
async function tellNow(work: Work, certificates: readonly Revocable[]): Promise<HostmasterError | null> {
  try {
    await revoke(work, certificates);
    return null;
  } catch (error) {
    if (error instanceof HostmasterError && error.kind.retryable) return error;
    throw error;
  }
}

/** What came of it since the work began, for each certificate. */
async function outcome({ ctx, operation }: Work, endpointId: string): Promise<string> {
  const since = { gte: operation.createdAt };
  const rows = await ctx.db.certificate.findMany({
    where: { endpointId, revocationRequests: { some: {} }, OR: [{ revokedAt: since }, { revocationRefusedAt: since }] },
    orderBy: { issuedAt: 'asc' },
    select: { serial: true, state: true, revocationRefusal: true },
  });
  const said = rows.map(({ serial, state, revocationRefusal }) =>
    state === 'revoked'
      ? `Serial ${shortSerial(serial)} is revoked.`
      : `Serial ${shortSerial(serial)} is not revoked: ${revocationRefusal ?? ''}`,
  );
  return said.length === 0 ? 'Nothing is left that somebody asked to revoke.' : said.join(' ');
}

/** Whether somebody asked to revoke it, and that is still to be done. */
export const isToBeRevoked = async ({ ctx }: Work, { endpoint }: Subject, { id }: { readonly id: string }): Promise<boolean> =>
  (await askedRevocations(ctx.db, endpoint.id, ctx.clock.now())).some(({ certificateId }) => certificateId === id);

/**
 * Why no certificate is ordered with the CSR of the contract: others know its key, or somebody asked to revoke what it was ordered
 * with, and a requester replaces their own key. Null where one is.
 */
export async function csrIsOver(db: Db, { endpoint, contract }: Subject): Promise<string | null> {
  if (contract.tls.csr === undefined) return null;
  const { der, publicKey } = parseCsr(contract.tls.csr);
  const { team, hostname } = endpoint;
  const remedy = `${team} makes a new key and changes ${hostname} to a CSR for it.`;
  const known = await compromisedKey(db, keyFingerprint(publicKey));
  if (known !== null)
    return `No certificate is ordered: others may know the key of the CSR, as was said of serial ${shortSerial(known.serial)}. ${remedy}`;
  const asked = await db.certificate.findFirst({
    where: { endpointId: endpoint.id, revocationRequests: { some: {} }, order: { csr: Buffer.from(der) } },
    orderBy: { issuedAt: 'desc' },
    select: { serial: true },
  });
  if (asked === null) return null;
  return `No certificate is ordered with the same CSR again: somebody asked to revoke serial ${shortSerial(asked.serial)}. ${remedy}`;
}
