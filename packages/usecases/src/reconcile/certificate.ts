// The certificate half: keep what is good, resume what was ordered, order what is missing or due, hand it to where TLS ends.
// Serial, key and validity are fixed in the row before signing, so a resumed order signs the same certificate, never a second.
import { HostmasterError } from '@hostmaster/core/errors';
import { chainToPem } from '@hostmaster/core/pki/chain';
import { parseCsr } from '@hostmaster/core/pki/csr';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import { orderValidity, serverProfile } from '@hostmaster/core/pki/profile';
import { renewalDueAt } from '@hostmaster/core/pki/renewal';
import { newSerial } from '@hostmaster/core/pki/serial';
import { appendAudit } from '@hostmaster/db/audit';
import type { Db, Tx } from '@hostmaster/db/client';
import { auditActor } from '../actor-audit.ts';
import { chooseIssuer } from '../certificate/choose-issuer.ts';
import { type CertificateRow, fittingCertificate } from '../certificate/fitting.ts';
import { commitStep, holdClaim, type Work } from './step.ts';
import type { Subject } from './subject.ts';

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
 * Makes sure that a fitting certificate is issued. An order that was left for so long that its certificate would be due at
 * once is not resumed. Errors: issuer-refused, issuer-unavailable, key-unreadable.
 * @param also committed together with it.
 */
export async function ensureCertificate(work: Work, subject: Subject, also?: InTransaction): Promise<CertificateRow> {
  const { ctx } = work;
  const now = ctx.clock.now();
  const existing = await currentCertificate(ctx.db, subject);
  if (existing !== null && isGood(existing, now)) {
    await commitStep(
      work,
      'certificate-issued',
      'done',
      `Serial ${shortSerial(existing.serial)} is valid until ${existing.notAfter.toISOString().slice(0, 10)}.`,
      also,
    );
    return existing;
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
  await commitStep(work, 'certificate-issued', 'waiting', `Ordered from ${issuer.name}.`, async (tx) => {
    row = await tx.certificate.create({
      data: {
        endpointId: subject.endpoint.id,
        issuerId: issuer.id,
        names: [...subject.names],
        serial,
        keyAlgorithm: request?.publicKey.algorithm ?? algorithm,
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

async function sign(work: Work, subject: Subject, row: CertificateRow, also: InTransaction = async () => {}): Promise<CertificateRow> {
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
  const issued = { state: 'issued', chainPem: chainToPem(chain), fingerprint, issuedAt: now } as const;
  const message = `Serial ${shortSerial(row.serial)} from ${issuerRow.name}, valid until ${row.notAfter.toISOString().slice(0, 10)}.`;
  await commitStep(work, 'certificate-issued', 'done', message, async (tx) => {
    await tx.certificate.updateMany({ where: { id: row.id, state: 'ordered' }, data: issued });
    await also(tx);
    await appendAudit(tx, {
      ...auditActor(ctx.actor),
      at: now,
      action: 'certificate.issue',
      subjectKind: 'certificate',
      subjectId: row.id,
      subject: subject.endpoint.hostname,
      detail: { serial: row.serial, names: row.names, issuer: issuerRow.slug, notAfter: row.notAfter.toISOString(), fingerprint },
    });
  });
  return { ...row, ...issued };
}

/** Hands a certificate and its key to where TLS ends; answers who must do it where that is not us. */
export async function deliver(work: Work, subject: Subject, row: CertificateRow): Promise<'delivered' | 'requester'> {
  const { ctx } = work;
  if (row.keyId === null || row.keyCiphertext === null || row.chainPem === null || ctx.deliver === null) return 'requester';
  const privateKeyPem = await ctx.keys.exportPem({ keyId: row.keyId, ciphertext: row.keyCiphertext }, leafKeyContext(row.serial));
  await holdClaim(work);
  for (const hostname of subject.names) await ctx.deliver({ hostname, fullchainPem: row.chainPem, privateKeyPem });
  return 'delivered';
}

/** Takes every certificate of the endpoint away from where TLS ends; keys and chains that nobody renews must not stay there. */
export async function stopServing(work: Work, subject: Subject): Promise<void> {
  const names = await servedNames(work, subject);
  await holdClaim(work);
  for (const name of names) await work.ctx.withdraw?.(name);
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
