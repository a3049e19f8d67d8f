// What a team brought, by the worker: it opens the file, says everything that is wrong with it, or keeps it as an order that is closed with
// its certificate, so that whatever is done with certificates is done with this one.
import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { broughtContext, broughtSecret } from '@hostmaster/core/pki/brought-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { chainToPem, toPem } from '@hostmaster/core/pki/chain';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import { type ImportedCertificate, judgeImported } from '@hostmaster/core/pki/imported-certificate';
import { keyFingerprint } from '@hostmaster/core/pki/key-policy';
import { leafKeyContext } from '@hostmaster/core/pki/key-store';
import type { KeyStoreContent } from '@hostmaster/core/pki/key-store-content';
import { serverProfile } from '@hostmaster/core/pki/profile';
import { readKeyStore } from '@hostmaster/core/pki/read-key-store';
import { broughtDueAt } from '@hostmaster/core/pki/renewal';
import { serialSpellings } from '@hostmaster/core/pki/serial';
import { sourcesBrought, type TlsSource } from '@hostmaster/core/pki/source-traits';
import { dayOf } from '@hostmaster/core/said-time';
import { takeBrought as forgetTaken, refuseBrought, unreadCertificate } from '@hostmaster/db/brought-certificate';
import type { Tx } from '@hostmaster/db/client';
import { writeOperation } from '@hostmaster/db/operation';
import { compromisedKey } from '@hostmaster/db/revocation-request';
import { transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import type { FittingCertificate } from '../certificate/fitting.ts';
import type { WorkerCtx } from '../context.ts';
import { broughtAnchors, knownAnchors, pemBlocks } from '../issuer/anchors.ts';
import { requireUnclaimed } from '../reconcile/extra-names.ts';
import { type InTransaction, type Obtained, requireNames, shortSerial } from '../reconcile/order.ts';
import { type StepResult, stepDone, stepWaits, type Work } from '../reconcile/step.ts';
import type { Subject } from '../reconcile/subject.ts';
import { namesOfOthers } from './other-names.ts';

type Brought = NonNullable<Awaited<ReturnType<typeof unreadCertificate>>>;

/** Waits for the team; what was wrong with what they brought last stands with it. */
export async function waitForBrought(work: Work, { endpoint, names }: Subject): Promise<StepResult> {
  const last = await work.ctx.db.broughtCertificate.findUnique({ where: { endpointId: endpoint.id }, select: { askerName: true } });
  const refused = last === null ? '' : ` What ${last.askerName} brought was refused; its page says why.`;
  return stepWaits(work, {
    message: `${endpoint.team} imports a certificate for ${names.join(', ')}.${refused}`,
    movesNext: endpoint.team,
  });
}

/**
 * Takes in what the endpoint's team brought; null where there is nothing, or nothing that can be taken in. What is refused is forgotten at
 * once, and what is wrong with it stays for its team to read.
 * @param also committed together with the certificate
 * Errors: invalid-input, where the work is for nothing else than what was refused; policy-denied (a name is not the endpoint's); key-unreadable.
 */
export async function takeBrought(work: Work, subject: Subject, also: InTransaction = async () => {}): Promise<Obtained | null> {
  const brought = await unreadCertificate(work.ctx.db, subject.endpoint.id);
  if (brought === null) return null;
  await requireNames(work, subject);
  await requireUnclaimed(work, subject);
  const judged = await judge(work.ctx, subject, brought);
  if ('imported' in judged) return keep(work, subject, brought, judged.imported, also);
  await refuse(work, subject, brought, judged.violations);
  if (work.operation.purpose !== 'import') return null;
  const { violations } = judged;
  throw new HostmasterError('invalid-input', violations.map(({ reason }) => reason).join(' '), { violations });
}

type Judged = { readonly imported: ImportedCertificate } | { readonly violations: readonly Violation[] };

async function judge(ctx: WorkerCtx, subject: Subject, brought: Brought): Promise<Judged> {
  const { endpoint, names, contract } = subject;
  const content = await inTurn(() => open(ctx, brought));
  if ('violations' in content) return content;
  const roots = [...(await knownAnchors(ctx)), ...ctx.publicRoots, ...(await broughtAnchors(ctx, endpoint.hostname))].map(derOf);
  const authorities = await knownAuthorities(ctx, endpoint.id);
  const judged = judgeImported(content, { names, key: contract.tls.key ?? null, now: ctx.clock.now(), authorities, roots });
  if ('violations' in judged) return judged;
  const { imported } = judged;
  const violations = [
    ...(await namesOfOthers(ctx, subject, imported)),
    ...(await keyIsKnown(ctx, imported)),
    ...(await isHereAlready(ctx, imported)),
  ];
  return violations.length > 0 ? { violations } : judged;
}

let last: Promise<unknown> = Promise.resolve();
/** What opening may cost is counted for one file, so a worker opens one at a time. */
function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const turn = last.then(act);
  last = turn.catch(() => undefined);
  return turn;
}

async function open(ctx: WorkerCtx, brought: Brought): Promise<KeyStoreContent | { readonly violations: readonly Violation[] }> {
  const { file, passphrase } = await openSecret(ctx, brought);
  try {
    return await readKeyStore(file, passphrase);
  } catch (error) {
    if (error instanceof HostmasterError && error.violations.length > 0) return { violations: error.violations };
    throw error;
  } finally {
    file.fill(0);
  }
}

async function openSecret({ keyStore }: WorkerCtx, { id, secretKeyId, secretCiphertext }: Brought) {
  if (secretKeyId === null || secretCiphertext === null) throw new HostmasterError('key-unreadable', 'What was brought is gone.');
  const opened = await keyStore.open({ keyId: secretKeyId, ciphertext: secretCiphertext }, broughtContext(id));
  try {
    const { file, passphrase } = broughtSecret.parse(JSON.parse(Buffer.from(opened).toString('utf8')));
    return { file: Buffer.from(file, 'base64'), passphrase };
  } finally {
    opened.fill(0);
  }
}

const derOf = (pem: string): Uint8Array => new X509Certificate(pem).raw;

/** Every CA that is connected or made here, and what stood above the endpoint's certificates before; nothing that others brought. */
async function knownAuthorities({ db }: WorkerCtx, endpointId: string): Promise<readonly Uint8Array[]> {
  const issuers = await db.issuer.findMany({ where: { kind: { notIn: [...sourcesBrought] } }, select: { chainPem: true } });
  const before = await db.certificate.findMany({
    where: { endpointId },
    orderBy: { issuedAt: 'desc' },
    take: 5,
    select: { chainPem: true },
  });
  return [...issuers, ...before].flatMap(({ chainPem }) => pemBlocks(chainPem)).map(derOf);
}

async function keyIsKnown({ db }: WorkerCtx, { publicKey }: ImportedCertificate): Promise<readonly Violation[]> {
  const known = await compromisedKey(db, keyFingerprint(publicKey));
  if (known === null) return [];
  const reason = `Others may know its key: whoever revoked certificate ${shortSerial(known.serial)} said so.`;
  return [{ rule: 'import-key-known', path: 'file', reason, remedy: 'Make a new key, and have a certificate issued for it.' }];
}

/** A certificate has one row, and one endpoint. Whoever made it chose its serial, by which nobody is to reach another's. */
async function isHereAlready({ db }: WorkerCtx, { facts }: ImportedCertificate): Promise<readonly Violation[]> {
  const found = await db.certificate.findFirst({
    where: { fingerprint: facts.fingerprint },
    select: { endpoint: { select: { hostname: true } } },
  });
  if (found !== null) {
    const reason = `Certificate ${shortSerial(facts.serial)} is here already, for ${found.endpoint.hostname}.`;
    const remedy = 'Bring another one. Where one certificate is to serve several names, they are extra names of one contract.';
    return [{ rule: 'import-once', path: 'file', reason, remedy }];
  }
  const namesake = await db.certificate.findFirst({
    where: { serial: { in: serialSpellings(facts.serial) } },
    select: { issuer: { select: { name: true } }, endpoint: { select: { hostname: true } } },
  });
  if (namesake === null) return [];
  const reason = `Its serial ${shortSerial(facts.serial)} is that of another certificate, which ${namesake.issuer.name} signed for ${namesake.endpoint.hostname}.`;
  const remedy = 'Have it issued anew by a CA that takes its serials at random: certificates are found and revoked by them.';
  return [{ rule: 'import-serial', path: 'file', reason, remedy }];
}

async function refuse(work: Work, { endpoint }: Subject, { id, askerName }: Brought, violations: readonly Violation[]): Promise<void> {
  const { ctx, claim, step } = work;
  const problems = violations.map(({ rule, reason, remedy }) => ({ rule, reason, remedy }));
  const told = { broughtBy: askerName, rules: [...new Set(problems.map(({ rule }) => rule))] };
  await transact(ctx.db, async (tx) => {
    await writeOperation(tx, claim, { step });
    if ((await refuseBrought(tx, { id }, problems)) === 0) return;
    await audit(tx, ctx, 'endpoint.refuse-certificate', { id: endpoint.id, name: endpoint.hostname }, told, ctx.clock.now());
  });
}

const commonName = /(?:^|, )CN=((?:\\.|[^,\\])+)/;

/**
 * Whoever signed it, below the root that was brought along or is known: kept as what its certificates come from, and asked for nothing. Of
 * the same CA below another root there is another one, so that nobody's root vouches for what others brought.
 */
async function issuerOf(tx: Tx, kind: TlsSource, { signer, root }: ImportedCertificate, now: Date) {
  const { subject, spki } = readCertificate(signer);
  const digits = createHash('sha256').update(subject).update(spki).update(root).digest('hex').slice(0, 16);
  const said = describeCertificate(signer).subject;
  const called = (commonName.exec(said)?.[1] ?? said).slice(0, 100);
  // For people who read it in lists; the digits tell CAs apart that call themselves the same.
  const slug = [
    kind,
    ...(called
      .toLowerCase()
      .slice(0, 30)
      .match(/[a-z0-9]+/g) ?? []),
    digits,
  ].join('-');
  const name = called || slug;
  const data = { slug, kind, name, chainPem: toPem(root), permittedSuffixes: [], profile: serverProfile.name, createdAt: now };
  await tx.issuer.createMany({ data: [data], skipDuplicates: true });
  return tx.issuer.findUniqueOrThrow({ where: { slug } });
}

async function keep(
  work: Work,
  { endpoint, names, contract }: Subject,
  { id: broughtId, askerName }: Brought,
  imported: ImportedCertificate,
  also: InTransaction,
): Promise<Obtained> {
  const { ctx } = work;
  const { facts, chain, privateKey } = imported;
  const now = ctx.clock.now();
  const id = randomUUID();
  const { csr, key } = await ctx.keys.adopt(privateKey, names, leafKeyContext(id));
  privateKey.fill(0);
  let made: FittingCertificate | undefined;
  const message = `Serial ${shortSerial(facts.serial)}, which ${askerName} brought, valid until ${dayOf(facts.notAfter)}.`;
  const result = await stepDone(work, message, async (tx) => {
    if (!(await forgetTaken(tx, broughtId))) throw new HostmasterError('unavailable', 'Another certificate was brought meanwhile.');
    const issuer = await issuerOf(tx, contract.tls.source, imported, now);
    const order = {
      ...{ id, endpointId: endpoint.id, teamId: endpoint.teamId, issuerId: issuer.id },
      ...{ names: [...names], keyAlgorithm: facts.keyAlgorithm, csr: Buffer.from(csr), keyLabel: id, resume: {}, createdAt: now },
      ...{ keyId: key.keyId, keyCiphertext: Buffer.from(key.ciphertext) },
    };
    const row = await tx.certificateOrder.create({
      data: order,
      include: { issuer: true, team: { select: { slug: true } } },
      omit: { keyCiphertext: true },
    });
    await transition(tx, 'certificateOrder', { id }, 'issue', { closedAt: now });
    const certificate = await tx.certificate.create({
      data: {
        ...{ orderId: id, endpointId: endpoint.id, issuerId: issuer.id, ...facts, names: [...facts.names] },
        ...{ renewAfter: broughtDueAt(facts), renewalAskedAt: now, chainPem: chainToPem(chain), issuedAt: now },
      },
    });
    made = { ...certificate, order: row };
    await also(tx);
    const told = { serial: facts.serial, names: [...facts.names], issuer: issuer.slug, notAfter: facts.notAfter.toISOString() };
    const about = { id: certificate.id, name: endpoint.hostname };
    await audit(tx, ctx, 'certificate.import', about, { ...told, fingerprint: facts.fingerprint, broughtBy: askerName }, now);
  });
  if (made === undefined) throw new HostmasterError('internal', 'The certificate was not stored.');
  return { certificate: made, result };
}
