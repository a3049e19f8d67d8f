// From an issued certificate to where TLS ends, and away from there.
import type { FittingCertificate } from '../certificate/fitting.ts';
import type { WorkerCtx } from '../context.ts';
import { holdClaim, type StepResult, stepDone, stepSkipped, type Work } from './step.ts';
import { currentCertificate, type Run, type Subject } from './subject.ts';

/** What a leaf's key is wrapped for. */
export const leafKeyContext = (label: string): string => `leaf-key:${label}`;

/** The step that hands the certificate to where TLS ends, where that is ours to do and it is not there yet. */
export async function certificateDelivered(run: Run): Promise<StepResult> {
  const { work, subject } = run;
  const certificate = await currentCertificate(run);
  if (certificate === null) return stepSkipped(work, 'There is no certificate to hand on.');
  if (!isOursToDeliver(work.ctx, certificate))
    return stepSkipped(work, `${subject.endpoint.team} installs the certificate, since the key is theirs.`);
  const delivered = await deliver(work, subject, certificate);
  return stepDone(work, delivered.length === 0 ? 'It is in place already.' : `Handed to where TLS ends, for ${delivered.join(', ')}.`);
}

/** Whether Hostmaster holds the key and something here serves TLS. */
export const isOursToDeliver = ({ destination }: WorkerCtx, { order }: Pick<FittingCertificate, 'order'>): boolean =>
  destination !== null && order.keyId !== null;

/** The private key is read and unwrapped only where another certificate is held than this one. @returns the names it was handed on for. */
export async function deliver(work: Work, subject: Subject, row: FittingCertificate): Promise<readonly string[]> {
  const { db, destination, keys } = work.ctx;
  if (destination === null || row.order.keyId === null) return [];
  const held = await Promise.all(subject.names.map((hostname) => destination.held(hostname)));
  const missing = subject.names.filter((_, index) => held[index] !== row.fingerprint);
  if (missing.length === 0) return [];
  const key = await db.certificateOrder.findUniqueOrThrow({
    where: { id: row.orderId },
    select: { keyId: true, keyCiphertext: true, keyLabel: true },
  });
  if (key.keyId === null || key.keyCiphertext === null) return [];
  const privateKeyPem = await keys.exportPem({ keyId: key.keyId, ciphertext: key.keyCiphertext }, leafKeyContext(key.keyLabel));
  await holdClaim(work);
  for (const hostname of missing) await destination.deliver({ hostname, fullchainPem: row.chainPem, privateKeyPem });
  return missing;
}

/** Takes every certificate of the endpoint away from where TLS ends; keys and chains that nobody renews must not stay there. */
export async function stopServing(work: Work, subject: Subject): Promise<void> {
  const names = await servedNames(work, subject);
  await holdClaim(work);
  for (const name of names) await work.ctx.destination?.withdraw(name);
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
