// The certificate half: keep what is good, go on with what was ordered, order what is missing or due, hand it to where TLS ends.
// What an issuer must go on from is in the order's row before it is asked, so an order that is taken up again is the same order.
import { randomUUID } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { chainToPem } from '@hostmaster/core/pki/chain';
import { parseCsr } from '@hostmaster/core/pki/csr';
import { type IssuedFacts, readIssued } from '@hostmaster/core/pki/issued';
import type { CertificateIssuer, Progress } from '@hostmaster/core/pki/issuer';
import { keyName } from '@hostmaster/core/pki/profile';
import { renewalDueAt } from '@hostmaster/core/pki/renewal';
import type { Tx } from '@hostmaster/db/client';
import { writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { z } from 'zod';
import { audit } from '../audit/write.ts';
import { chooseIssuer } from '../certificate/choose-issuer.ts';
import { type FittingCertificate, type FittingOrder, fittingCertificate, fittingOrder } from '../certificate/fitting.ts';
import type { WorkerCtx } from '../context.ts';
import { readStored } from '../stored-json.ts';
import { holdClaim, type StepResult, stepDone, stepSkipped, stepWaits, type Work } from './step.ts';
import { type Run, type Subject, usesTls } from './subject.ts';

/** What a leaf's key is wrapped for. */
export const leafKeyContext = (label: string): string => `leaf-key:${label}`;

/** The endpoint's certificate that fits its contract: the newest one issued; null where none is. Nobody but this run changes it. */
export async function currentCertificate(run: Run): Promise<FittingCertificate | null> {
  const { work, subject } = run;
  if (run.certificate === undefined)
    run.certificate = usesTls(subject) ? await fittingCertificate(work.ctx.db, subject.endpoint.id, subject.contract) : null;
  return run.certificate;
}

/** Whether a certificate is not yet due for renewal. */
export const isGood = ({ renewAfter }: Pick<FittingCertificate, 'renewAfter'>, now: Date): boolean => renewAfter > now;

const shortSerial = (serial: string): string => `${serial.slice(0, 8)}…`;

type InTransaction = (tx: Tx) => Promise<void>;

/**
 * The step that makes sure that a fitting certificate is issued. From here on the request has done what was asked of it:
 * records and certificate are there. Errors: issuer-refused, issuer-unavailable, key-unreadable.
 */
export async function certificateIssued(run: Run): Promise<StepResult> {
  const { work, subject } = run;
  const { requestId } = work.operation;
  const complete = async (tx: Tx): Promise<void> => {
    if (requestId !== null) await transition(tx, 'request', { id: requestId }, 'applied');
  };
  if (usesTls(subject)) return (await ensureCertificate(run, complete)).result;
  await stopServing(work, subject);
  return stepSkipped(work, 'TLS does not end where we issue for.', async (tx) => {
    await complete(tx);
    await supersedeOthers(tx, subject, null);
  });
}

/** A certificate in use is renewed first: it must not expire while the rest waits for a name server. */
export async function renewInUse(run: Run): Promise<void> {
  const { work, subject } = run;
  if (subject.endpoint.liveSince === null || !usesTls(subject)) return;
  const inUse = await currentCertificate(run);
  if (inUse === null || isGood(inUse, work.ctx.clock.now())) return;
  const step = work.step;
  work.step = 'certificate-issued';
  const { certificate } = await ensureCertificate(run);
  if (certificate !== null) await deliver(work, subject, certificate);
  work.step = step;
}

/** Only the certificate that is seen in use is renewed, and nothing else is waited for; null: none is. */
export async function supersedeOthers(tx: Tx, subject: Subject, inUse: { readonly id: string } | null): Promise<void> {
  const endpointId = subject.endpoint.id;
  await transition(tx, 'certificate', { endpointId, ...(inUse === null ? {} : { id: { not: inUse.id } }) }, 'supersede');
  await transition(tx, 'certificateOrder', { endpointId }, 'abandon');
}

/** `certificate` is null while its issuer has not signed. */
type Ensured = { readonly certificate: FittingCertificate | null; readonly result: StepResult };

/** @param also committed together with the certificate. */
async function ensureCertificate(run: Run, also?: InTransaction): Promise<Ensured> {
  const { work, subject } = run;
  const { ctx } = work;
  const existing = await currentCertificate(run);
  if (existing !== null && isGood(existing, ctx.clock.now())) {
    const message = `Serial ${shortSerial(existing.serial)} is valid until ${existing.notAfter.toISOString().slice(0, 10)}.`;
    return { certificate: existing, result: await stepDone(work, message, also) };
  }
  const open = await fittingOrder(ctx.db, subject.endpoint.id, subject.contract);
  const ensured = await goOn(work, subject, open ?? (await order(work, subject)), also);
  run.certificate = ensured.certificate ?? existing;
  return ensured;
}

async function order(work: Work, subject: Subject): Promise<FittingOrder> {
  const { ctx } = work;
  const { key: algorithm, csr, source } = subject.contract.tls;
  const chosen = await chooseIssuer(ctx.db, source, subject.names);
  const issuer = await ctx.db.issuer.findUniqueOrThrow({ where: { id: chosen.id } });
  const id = randomUUID();
  const generated = csr === undefined ? await ctx.keys.generate(algorithm, subject.names, leafKeyContext(id)) : null;
  const request = csr === undefined ? null : parseCsr(csr);
  const der = generated?.csr ?? request?.der;
  if (der === undefined) throw new HostmasterError('internal', 'An order needs a CSR.');
  const data = {
    id,
    endpointId: subject.endpoint.id,
    issuerId: issuer.id,
    names: [...subject.names],
    keyAlgorithm: request === null ? algorithm : keyName(request.publicKey),
    csr: Buffer.from(der),
    ...(generated === null ? {} : { keyId: generated.key.keyId, keyCiphertext: Buffer.from(generated.key.ciphertext) }),
    keyLabel: id,
    resume: (await ctx.issuer(issuer)).begin({ id, names: subject.names, csr: der }),
    createdAt: ctx.clock.now(),
  };
  let row: Omit<FittingOrder, 'issuer'> | undefined;
  await stepWaits(work, { message: `Ordered from ${issuer.name}.`, movesNext: 'the issuer' }, async (tx) => {
    row = await tx.certificateOrder.create({ data, omit: { keyCiphertext: true } });
  });
  if (row === undefined) throw new HostmasterError('internal', 'The order was not stored.');
  return { ...row, issuer };
}

const storedResume = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** Asks the issuer on, and stores what came of it. */
async function goOn(work: Work, subject: Subject, row: FittingOrder, also: InTransaction = async () => {}): Promise<Ensured> {
  const issuer = await work.ctx.issuer(row.issuer);
  const progress = await ask(work, issuer, row);
  if (progress.outcome === 'issued')
    return keep(work, subject, row, { ...progress, renewAfter: await dueAt(work, issuer, progress) }, also);
  const { resume, reference, message, movesNext, retryAfterSeconds } = progress;
  const wait = { message, movesNext, ...(retryAfterSeconds === null ? {} : { seconds: retryAfterSeconds }) };
  const result = await stepWaits(work, wait, async (tx) => {
    await tx.certificateOrder.updateMany({ where: { id: row.id, state: 'open' }, data: { resume, reference } });
  });
  return { certificate: null, result };
}

type Issued = Extract<Progress, { outcome: 'issued' }> & { readonly facts: IssuedFacts };

/** An order that is refused for good is closed. */
async function ask(work: Work, issuer: CertificateIssuer, row: FittingOrder): Promise<Issued | Extract<Progress, { outcome: 'pending' }>> {
  const wanted = { id: row.id, names: row.names, csr: row.csr };
  const resume = readStored(storedResume, row.resume, 'certificate_order.resume');
  // One that signs here answers at once.
  if (issuer.authority === undefined) await holdClaim(work);
  try {
    const progress = await issuer.issue(wanted, resume, work.signal);
    return progress.outcome === 'pending' ? progress : { ...progress, facts: readIssued(wanted, progress.chain) };
  } catch (error) {
    if (error instanceof HostmasterError && error.code === 'issuer-refused')
      await transact(work.ctx.db, async (tx) => {
        await writeOperation(tx, work.claim, { step: work.step });
        await transition(tx, 'certificateOrder', { id: row.id }, 'refuse', { closedAt: work.ctx.clock.now() });
      });
    throw error;
  }
}

async function keep(
  work: Work,
  subject: Subject,
  row: FittingOrder,
  { chain, facts, renewAfter }: Issued & { readonly renewAfter: Date },
  also: InTransaction,
): Promise<Ensured> {
  const { ctx } = work;
  const { serial, notAfter, fingerprint } = facts;
  const now = ctx.clock.now();
  const { id: orderId, endpointId, issuerId, issuer } = row;
  const data = { orderId, endpointId, issuerId, ...facts, names: [...facts.names], renewAfter, chainPem: chainToPem(chain), issuedAt: now };
  const message = `Serial ${shortSerial(serial)} from ${issuer.name}, valid until ${notAfter.toISOString().slice(0, 10)}.`;
  let made: Omit<FittingCertificate, 'order'> | undefined;
  const result = await stepDone(work, message, async (tx) => {
    const closed = await transition(tx, 'certificateOrder', { id: orderId }, 'issue', { closedAt: now });
    if (closed === 0) throw new HostmasterError('conflict', 'The order was closed meanwhile.');
    made = await tx.certificate.create({ data });
    await also(tx);
    const told = { serial, names: data.names, issuer: issuer.slug, notAfter: notAfter.toISOString(), fingerprint };
    await audit(tx, ctx, 'certificate.issue', { id: made.id, name: subject.endpoint.hostname }, told, now);
  });
  if (made === undefined) throw new HostmasterError('internal', 'The certificate was not stored.');
  return { certificate: { ...made, order: row }, result };
}

/** When the issuer wants it renewed, somewhere in its window so that not all come at once; else when its lifetime says so. */
async function dueAt({ ctx, signal }: Work, issuer: CertificateIssuer, { chain: [leaf], facts }: Issued): Promise<Date> {
  // An issuer that cannot say it now leaves it to us.
  const window = leaf === undefined ? undefined : await issuer.renewalWindow?.(leaf, signal).catch(() => undefined);
  if (window === undefined) return renewalDueAt(facts);
  const [start, end] = [window.start.getTime(), window.end.getTime()];
  return new Date(start + ctx.random() * (end - start));
}

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
async function deliver(work: Work, subject: Subject, row: FittingCertificate): Promise<readonly string[]> {
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
