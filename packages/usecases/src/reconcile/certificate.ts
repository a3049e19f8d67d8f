// The certificate half: keep what is good, resume what was ordered, order what is missing or due, hand it to where TLS ends.
// Serial, key and validity are fixed in the row before signing, so a resumed order signs the same certificate, never a second.
import { HostmasterError } from '@hostmaster/core/errors';
import { chainToPem } from '@hostmaster/core/pki/chain';
import { parseCsr } from '@hostmaster/core/pki/csr';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import { keyName, orderValidity, serverProfile } from '@hostmaster/core/pki/profile';
import { renewalDueAt } from '@hostmaster/core/pki/renewal';
import { newSerial } from '@hostmaster/core/pki/serial';
import type { Db, Tx } from '@hostmaster/db/client';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import { chooseIssuer } from '../certificate/choose-issuer.ts';
import { type CertificateRow, fittingCertificate } from '../certificate/fitting.ts';
import type { WorkerCtx } from '../context.ts';
import { holdClaim, type StepResult, stepDone, stepSkipped, stepWaits, type Work } from './step.ts';
import { type Run, type Subject, usesTls } from './subject.ts';

/** What a leaf's key is wrapped for. */
export const leafKeyContext = (certificateSerial: string): string => `leaf-key:${certificateSerial}`;

/** The endpoint's certificate that fits its contract: the newest one issued, or the one on order; null where neither is. */
export const currentCertificate = (db: Db, subject: Subject): Promise<CertificateRow | null> =>
  fittingCertificate(db, subject.endpoint.id, subject.contract);

/** Whether the row is issued and not yet due for renewal. */
export const isGood = (row: CertificateRow, now: Date): boolean => row.state !== 'ordered' && row.renewAfter > now;

const shortSerial = (serial: string): string => `${serial.slice(0, 8)}…`;

type InTransaction = (tx: Tx) => Promise<void>;

/**
 * The step that makes sure that a fitting certificate is issued. From here on the request has done what was asked of it:
 * records and certificate are there. Errors: issuer-refused, issuer-unavailable, key-unreadable.
 */
export async function certificateIssued({ work, subject }: Run): Promise<StepResult> {
  const { requestId } = work.operation;
  const complete = async (tx: Tx): Promise<void> => {
    if (requestId !== null) await transition(tx, 'request', { id: requestId }, 'applied');
  };
  if (usesTls(subject)) return (await ensureCertificate(work, subject, complete)).result;
  await stopServing(work, subject);
  return stepSkipped(work, 'TLS does not end where we issue for.', async (tx) => {
    await complete(tx);
    await supersedeOthers(tx, subject, null);
  });
}

/** A certificate in use is renewed first: it must not expire while the rest waits for a name server. */
export async function renewInUse({ work, subject }: Run): Promise<void> {
  if (subject.endpoint.liveSince === null || !usesTls(subject)) return;
  const inUse = await currentCertificate(work.ctx.db, subject);
  if (inUse === null || inUse.state === 'ordered' || isGood(inUse, work.ctx.clock.now())) return;
  const step = work.step;
  work.step = 'certificate-issued';
  const { certificate } = await ensureCertificate(work, subject);
  await deliver(work, subject, certificate);
  work.step = step;
}

/** Only the certificate that is seen in use is renewed; null: none is. */
export const supersedeOthers = (tx: Tx, subject: Subject, inUse: { readonly id: string } | null): Promise<number> =>
  transition(tx, 'certificate', { endpointId: subject.endpoint.id, ...(inUse === null ? {} : { id: { not: inUse.id } }) }, 'supersede');

type Ensured = { readonly certificate: CertificateRow; readonly result: StepResult };

/** An order that was left for so long that its certificate would be due at once is not resumed. @param also committed together with it. */
async function ensureCertificate(work: Work, subject: Subject, also?: InTransaction): Promise<Ensured> {
  const { ctx } = work;
  const now = ctx.clock.now();
  const existing = await currentCertificate(ctx.db, subject);
  if (existing !== null && isGood(existing, now)) {
    const message = `Serial ${shortSerial(existing.serial)} is valid until ${existing.notAfter.toISOString().slice(0, 10)}.`;
    return { certificate: existing, result: await stepDone(work, message, also) };
  }
  const resumed = existing?.state === 'ordered' && existing.renewAfter > now ? existing : null;
  return sign(work, subject, resumed ?? (await order(work, subject)), also);
}

async function order(work: Work, subject: Subject): Promise<CertificateRow> {
  const { ctx } = work;
  const { key: algorithm, csr } = subject.contract.tls;
  const issuer = await chooseIssuer(ctx, subject.names);
  const serial = newSerial();
  const generated = csr === undefined ? await ctx.keys.generate(algorithm, subject.names, leafKeyContext(serial)) : null;
  const request = csr === undefined ? null : parseCsr(csr);
  const validity = orderValidity(serverProfile, issuer.notAfter, ctx.clock.now());
  const der = generated?.csr ?? request?.der;
  if (der === undefined) throw new HostmasterError('internal', 'An order needs a CSR.');
  let row: CertificateRow | undefined;
  await stepWaits(work, { message: `Ordered from ${issuer.name}.`, movesNext: 'the issuer' }, async (tx) => {
    row = await tx.certificate.create({
      data: {
        endpointId: subject.endpoint.id,
        issuerId: issuer.id,
        names: [...subject.names],
        serial,
        keyAlgorithm: request === null ? algorithm : keyName(request.publicKey),
        csr: Buffer.from(der),
        ...(generated === null ? {} : { keyId: generated.key.keyId, keyCiphertext: Buffer.from(generated.key.ciphertext) }),
        ...validity,
        renewAfter: renewalDueAt(validity),
        createdAt: ctx.clock.now(),
      },
    });
  });
  if (row === undefined) throw new HostmasterError('internal', 'The order was not stored.');
  return row;
}

async function sign(work: Work, subject: Subject, row: CertificateRow, also: InTransaction = async () => {}): Promise<Ensured> {
  const { ctx } = work;
  const issuerRow = await ctx.db.issuer.findUniqueOrThrow({ where: { id: row.issuerId } });
  const issuer = await ctx.issuer(issuerRow);
  const { chain } = await issuer.issue(
    { id: row.id, names: row.names, csr: row.csr, notBefore: row.notBefore, notAfter: row.notAfter, serial: row.serial },
    work.signal,
  );
  const leaf = chain[0];
  if (leaf === undefined) throw new HostmasterError('issuer-unavailable', `${issuerRow.name} answered without a certificate.`);
  const { fingerprint } = describeCertificate(leaf);
  const now = ctx.clock.now();
  const issued = { chainPem: chainToPem(chain), fingerprint, issuedAt: now };
  const message = `Serial ${shortSerial(row.serial)} from ${issuerRow.name}, valid until ${row.notAfter.toISOString().slice(0, 10)}.`;
  const result = await stepDone(work, message, async (tx) => {
    await transition(tx, 'certificate', { id: row.id }, 'issue', issued);
    await also(tx);
    const { id, serial, names } = row;
    const facts = { serial, names, issuer: issuerRow.slug, notAfter: row.notAfter.toISOString(), fingerprint };
    await audit(tx, ctx, 'certificate.issue', { id, name: subject.endpoint.hostname }, facts, now);
  });
  return { certificate: { ...row, ...issued, state: 'issued' }, result };
}

/** The step that hands the certificate to where TLS ends, where that is ours to do and it is not there yet. */
export async function certificateDelivered({ work, subject }: Run): Promise<StepResult> {
  const certificate = usesTls(subject) ? await currentCertificate(work.ctx.db, subject) : null;
  if (certificate === null) return stepSkipped(work, 'There is no certificate to hand on.');
  if (!isOursToDeliver(work.ctx, certificate))
    return stepSkipped(work, `${subject.endpoint.team} installs the certificate, since the key is theirs.`);
  const delivered = await deliver(work, subject, certificate);
  return stepDone(work, delivered.length === 0 ? 'It is in place already.' : `Handed to where TLS ends, for ${delivered.join(', ')}.`);
}

/** Whether Hostmaster holds the key and something here serves TLS. */
export const isOursToDeliver = ({ destination }: WorkerCtx, { keyId }: Pick<CertificateRow, 'keyId'>): boolean =>
  destination !== null && keyId !== null;

/** The private key is unwrapped only where another certificate is held than this one. @returns the names it was handed on for. */
async function deliver(work: Work, subject: Subject, row: CertificateRow): Promise<readonly string[]> {
  const { destination, keys } = work.ctx;
  if (destination === null || row.keyId === null || row.keyCiphertext === null || row.chainPem === null) return [];
  const held = await Promise.all(subject.names.map((hostname) => destination.held(hostname)));
  const missing = subject.names.filter((_, index) => held[index] !== row.fingerprint);
  if (missing.length === 0) return [];
  const privateKeyPem = await keys.exportPem({ keyId: row.keyId, ciphertext: row.keyCiphertext }, leafKeyContext(row.serial));
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
