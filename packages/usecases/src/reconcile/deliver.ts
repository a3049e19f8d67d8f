// From an issued certificate to where TLS ends, and away from there.
import type { Hostname } from '@hostmaster/core/hostname/hostname';
import { leafKeyContext } from '@hostmaster/core/pki/key-store';
import type { Db } from '@hostmaster/db/client';
import { holdersOf } from '@hostmaster/db/held-name';
import { transact } from '@hostmaster/db/transaction';
import type { FittingCertificate } from '../certificate/fitting.ts';
import type { WorkerCtx } from '../context.ts';
import { siblingCertificates } from './sibling.ts';
import { startReconcile } from './start.ts';
import { holdClaim, type StepResult, stepDone, stepSkipped, type Work } from './step.ts';
import { currentCertificate, type Run, type Subject } from './subject.ts';

/** The step that hands the certificate to where TLS ends, where that is ours to do and it is not there yet. */
export async function certificateDelivered(run: Run): Promise<StepResult> {
  const { work, subject } = run;
  const certificate = await currentCertificate(run);
  const ours = certificate !== null && isOursToDeliver(work.ctx, certificate);
  let delivered: readonly string[] = [];
  const put = async () => {
    if (ours) delivered = await deliver(work, subject, certificate);
  };
  // What is wanted first; what could not be put there keeps nothing there that is not wanted any more.
  await tryEach([put, () => withdraw(work, subject, 'names that it let go')]);
  if (certificate === null) return stepSkipped(work, 'There is no certificate to hand on.');
  if (!ours) return stepSkipped(work, `${subject.endpoint.team} installs the certificate, since the key is theirs.`);
  if (delivered.length > 0) return stepDone(work, `Handed to where TLS ends, for ${delivered.join(', ')}.`);
  const own = (await work.ctx.destination?.held(subject.endpoint.hostname)) === certificate.fingerprint;
  return stepDone(work, own ? 'It is in place already.' : 'That of the same name in another view is in place, and serves as well.');
}

/** Whether Hostmaster holds the key and something here serves TLS. */
export const isOursToDeliver = ({ destination }: WorkerCtx, { order }: Pick<FittingCertificate, 'order'>): boolean =>
  destination !== null && order.keyId !== null;

/**
 * The private key is read and unwrapped only where another certificate is held than this one, or one that serves as well (sibling.ts).
 * @returns the names it was handed on for
 */
export async function deliver(work: Work, subject: Subject, row: FittingCertificate): Promise<readonly string[]> {
  const { db, destination, keys } = work.ctx;
  if (destination === null || row.order.keyId === null) return [];
  const names = await namesToServe(db, subject);
  const held = await Promise.all(names.map((hostname) => destination.held(hostname)));
  const others = held.every((one) => one === row.fingerprint) ? [] : await siblingCertificates(work.ctx, subject);
  const missing = names.filter(
    (name, index) =>
      held[index] !== row.fingerprint &&
      !(name === subject.endpoint.hostname && others.some(({ fingerprint }) => fingerprint === held[index])),
  );
  if (missing.length === 0) return [];
  const key = await db.certificateOrder.findUniqueOrThrow({
    where: { id: row.orderId },
    select: { keyId: true, keyCiphertext: true, keyLabel: true },
  });
  if (key.keyId === null || key.keyCiphertext === null) return [];
  const privateKeyPem = await keys.exportPem({ keyId: key.keyId, ciphertext: key.keyCiphertext }, leafKeyContext(key.keyLabel));
  await holdClaim(work);
  await tryEach(missing.map((hostname) => () => destination.deliver({ hostname, fullchainPem: row.chainPem, privateKeyPem })));
  return missing;
}

/** One after the other, so that one that fails keeps none of the others waiting. Errors: the first, once all were tried. */
async function tryEach(acts: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const act of acts) await act().catch((error: unknown) => void errors.push(error));
  if (errors.length > 0) throw errors[0];
}

/**
 * The names that the endpoint's certificate is served for: its hostname, and those of its extra names that it holds, that are
 * nobody's hostname and that no older endpoint of the team has, too.
 */
async function namesToServe(db: Db, { endpoint, names }: Subject): Promise<Hostname[]> {
  const holders = await holdersOf(db, names);
  return names.filter((name) => name === endpoint.hostname || holders.find((one) => one.name === name)?.endpointId === endpoint.id);
}

/**
 * Takes the endpoint's certificates away from where TLS ends: for every name, or for those that are not its own any more. Keys
 * and chains that nobody renews must not stay there; what another endpoint has put there does, and who else has the name is
 * looked at next.
 */
export async function withdraw(work: Work, subject: Subject, from: 'every name' | 'names that it let go'): Promise<void> {
  const { db, destination } = work.ctx;
  if (destination === null) return;
  const { id: endpointId } = subject.endpoint;
  const kept: readonly string[] = from === 'every name' ? [] : subject.names;
  const issued = await db.certificate.findMany({ where: { endpointId }, select: { names: true, fingerprint: true } });
  const own: readonly (string | null)[] = [null, ...issued.map(({ fingerprint }) => fingerprint)];
  const take = async (name: string): Promise<void> => {
    if (!own.includes(await destination.held(name))) return;
    await holdClaim(work);
    await destination.withdraw(name);
    await lookAtOthers(work, name, endpointId);
  };
  const names = new Set(issued.flatMap(({ names: each }) => each).filter((each) => !kept.includes(each)));
  await tryEach([...names].map((name) => () => take(name)));
}

/** Who else has the name, for which nothing is served now, puts their own certificate there. */
async function lookAtOthers({ ctx }: Work, name: string, itself: string): Promise<void> {
  const holders = await holdersOf(ctx.db, [name]);
  const others = await ctx.db.endpoint.findMany({
    where: { id: { in: holders.map(({ endpointId }) => endpointId), not: itself } },
    select: { id: true, hostname: true, view: true, zoneId: true },
  });
  const reason = 'Another endpoint let a name go that this one has, too.';
  for (const { id: endpointId, ...other } of others)
    await transact(ctx.db, (tx) => startReconcile(tx, { purpose: 'look', ...other, endpointId, reason }, ctx.clock.now()));
}
