// One order: placed before anybody is asked, asked on until it is a certificate or is refused. What the issuer must go on from is
// in the order's row before it is asked, so an order that is taken up again is the same order.

import { randomUUID } from 'node:crypto';
import { proofMethodOf } from '@hostmaster/core/acme/proofs';
import { HostmasterError } from '@hostmaster/core/errors';
import { theIssuer } from '@hostmaster/core/operation/moves-next';
import { chainToPem } from '@hostmaster/core/pki/chain';
import { parseCsr } from '@hostmaster/core/pki/csr';
import { type IssuedFacts, readIssued } from '@hostmaster/core/pki/issued';
import type { CertificateIssuer, Progress } from '@hostmaster/core/pki/issuer';
import { leafKeyContext } from '@hostmaster/core/pki/key-store';
import { contentOf, isServerContent } from '@hostmaster/core/pki/leaf-content';
import { hoursAskedFor } from '@hostmaster/core/pki/lifetime';
import type { OrderTrail } from '@hostmaster/core/pki/order-trail';
import { defaultContractKey, keyName } from '@hostmaster/core/pki/profile';
import { endOf, renewalDueAt } from '@hostmaster/core/pki/renewal';
import { signsHere, sourceTraits } from '@hostmaster/core/pki/source-traits';
import { noteAnswers, noteAway } from '@hostmaster/db/away-issuers';
import type { Tx } from '@hostmaster/db/client';
import { holdersOf, type NameHolder } from '@hostmaster/db/held-name';
import { writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { z } from 'zod';
import { audit } from '../audit/write.ts';
import { boundOrders } from '../certificate/bound-orders.ts';
import { requireCaa } from '../certificate/caa.ts';
import { chooseIssuer, whyItSignsNoMore } from '../certificate/choose-issuer.ts';
import { requireBelievable } from '../certificate/dnssec.ts';
import { isAway, isOfIssuer, passedOver } from '../certificate/fallback.ts';
import { firstResponse } from '../certificate/first-response.ts';
import type { FittingCertificate, FittingOrder } from '../certificate/fitting.ts';
import { lookAtKept, noteKept } from '../certificate/kept.ts';
import { noteLongestHours } from '../certificate/longest-hours.ts';
import { requireBudget } from '../certificate/order-budget.ts';
import { predecessorOf } from '../certificate/predecessor.ts';
import { wantedRenewal } from '../certificate/renewal-window.ts';
import { readStored } from '../stored-json.ts';
import { requireUnclaimed } from './extra-names.ts';
import { giveWay } from './give-way.ts';
import { holdClaim, type StepResult, stepDone, stepWaits, type Work } from './step.ts';
import type { Subject } from './subject.ts';

export const shortSerial = (serial: string): string => `${serial.slice(0, 8)}…`;

/** Written in the transaction that a step commits. */
export type InTransaction = (tx: Tx) => Promise<void>;
/** `certificate` is null while its issuer has not signed. */
export type Obtained = { readonly certificate: FittingCertificate | null; readonly result: StepResult };

/** A certificate speaks for names that the endpoint holds now, whenever they were approved. Errors: policy-denied. */
export async function requireNames({ ctx }: Work, { endpoint, names }: Subject): Promise<void> {
  const holders = await holdersOf(ctx.db, names);
  const lost = names.filter((name) => !holders.some((one) => one.name === name && one.endpointId === endpoint.id));
  if (lost.length === 0) return;
  const whose = lost.map((name) => `${name} is ${holderWords(holders.find((one) => one.name === name))}`);
  throw new HostmasterError(
    'policy-denied',
    `No certificate is ordered: ${whose.join(', ')}. Change the contract of ${endpoint.hostname} to the names that it holds.`,
  );
}

const holderWords = (holder: NameHolder | undefined): string => (holder === undefined ? 'not held by it' : `held by team ${holder.team}`);

/**
 * Chooses the issuer and stores the order.
 * Errors: policy-denied, where a name is not the endpoint's, or has become somebody else's; dns-*, where that is not known; issuer-refused, issuer-unavailable, rate-limited.
 */
export async function placeOrder(work: Work, subject: Subject): Promise<FittingOrder> {
  const { ctx } = work;
  await requireNames(work, subject);
  await requireUnclaimed(work, subject);
  const { source, key: algorithm = defaultContractKey, csr } = subject.contract.tls;
  const content = contentOf(subject.contract.tls);
  await boundOrders(ctx, subject.endpoint.id, subject.names, hoursAskedFor(subject.contract.tls));
  const { issuer, opened } = await chooseAnswering(work, subject);
  const id = randomUUID();
  const isMadeHere = csr === undefined && !sourceTraits[source].keepsKey;
  const generated = isMadeHere ? await ctx.keys.generate(algorithm, subject.names, leafKeyContext(id), content) : null;
  const request = csr === undefined ? null : parseCsr(csr);
  const der = generated?.csr ?? request?.der ?? null;
  const of = { endpointId: subject.endpoint.id, teamId: subject.endpoint.teamId, issuerId: issuer.id };
  const wanted = {
    id,
    lineage: lineageOf(of),
    names: subject.names,
    csr: der,
    ...wishesOf(subject),
    ...(await predecessorOf(ctx, of, issuer.kind)),
  };
  const data = {
    id,
    ...of,
    names: [...subject.names],
    keyAlgorithm: request === null ? algorithm : keyName(request.publicKey),
    csr: der === null ? null : Buffer.from(der),
    ...(generated === null ? {} : { keyId: generated.key.keyId, keyCiphertext: Buffer.from(generated.key.ciphertext) }),
    keyLabel: id,
    hours: hoursAskedFor(subject.contract.tls),
    ...(isServerContent(content) ? {} : { content }),
    resume: opened.begin(wanted),
    createdAt: ctx.clock.now(),
  };
  let row: Omit<FittingOrder, 'issuer'> | undefined;
  await stepWaits(work, { message: `Ordered from ${issuer.name}.`, movesNext: theIssuer }, async (tx) => {
    row = await tx.certificateOrder.create({ data, include: { team: { select: { slug: true } } }, omit: { keyCiphertext: true } });
  });
  if (row === undefined) throw new HostmasterError('internal', 'The order was not stored.');
  return { ...row, issuer };
}

/** The first that answers of those that may sign. Errors: those of the one that would be asked first. */
async function chooseAnswering({ ctx, signal }: Work, { endpoint, names, contract }: Subject) {
  const { keepsKey } = sourceTraits[contract.tls.source];
  // What keeps its key is served where it is, and not elsewhere.
  const tried = new Set(keepsKey ? [] : await passedOver(ctx, { endpointId: endpoint.id, names }));
  let first: HostmasterError | undefined;
  for (;;) {
    const issuer = await chooseIssuer(ctx, contract.tls.source, names, {
      passedOver: tried,
      content: contentOf(contract.tls),
      hours: hoursAskedFor(contract.tls),
    });
    if (first !== undefined && tried.has(issuer.id)) throw first;
    let opened: CertificateIssuer | undefined;
    try {
      await requireBudget(ctx, issuer, { endpointId: endpoint.id, names });
      opened = await ctx.issuer(issuer);
      if (ctx.issuerKinds.get(issuer.kind)?.provesInDns) await requireBelievable(ctx, issuer.name, opened, { names, contract }, signal);
      await requireCaa(ctx, issuer.name, opened, { names, contract }, signal);
      return { issuer, opened };
    } catch (error) {
      if (!isOfIssuer(error)) throw error;
      if (isAway(error) && isElsewhere(issuer.kind, opened)) await noteAway(ctx.db, issuer.id, ctx.clock.now());
      first ??= error;
      if (keepsKey) throw first;
      if (tried.has(issuer.id)) throw first;
      tried.add(issuer.id);
    }
  }
}

/** Whether others run it. */
const isElsewhere = (kind: string, opened: CertificateIssuer | undefined): boolean =>
  opened === undefined ? !signsHere(kind) : opened.authority === undefined;

const storedResume = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/**
 * Asks the issuer on, unless it does not want to be asked yet, and stores what came of it, together with `also` where that is a
 * certificate. Errors: issuer-refused, issuer-unavailable, key-unreadable.
 */
export async function askIssuer(work: Work, subject: Subject, row: FittingOrder, also: InTransaction = async () => {}): Promise<Obtained> {
  // Since the order was placed, or since this run began.
  const over = await whyItSignsNoMore(work.ctx.db, row.issuerId, row.names);
  if (over !== null) {
    const instead = await giveWay(work, subject, row, over, { atOnce: true });
    if (instead === null) throw over;
    return { certificate: null, result: instead };
  }
  const early = notYet(row, work.ctx.clock.now());
  if (early !== null) return { certificate: null, result: await stepWaits(work, early) };
  const issuer = await work.ctx.issuer(row.issuer);
  let progress: Asked;
  try {
    progress = await askAtOnce(work, subject, issuer, row);
  } catch (error) {
    if (isAway(error) && isElsewhere(row.issuer.kind, issuer)) await noteAway(work.ctx.db, row.issuerId, work.ctx.clock.now());
    const instead = isOfIssuer(error) ? await giveWay(work, subject, row, error) : null;
    if (instead === null) throw error;
    return { certificate: null, result: instead };
  }
  if (isElsewhere(row.issuer.kind, issuer)) await noteAnswers(work.ctx.db, row.issuerId);
  if (progress.outcome === 'issued') {
    const kept = await keep(work, subject, row, await withFollowing(work, issuer, row, progress), also);
    await noteLongestHours(work.ctx, row.issuer, issuer, work.signal);
    await lookAtKept(work.ctx, issuer, { ...row, reference: progress.reference ?? row.reference }, work.signal);
    return kept;
  }
  const { resume, reference, message, movesNext, retryAfterSeconds } = progress;
  const wait = { message, movesNext, ...(retryAfterSeconds === null ? {} : { seconds: retryAfterSeconds }) };
  const askAgainAt = retryAfterSeconds === null ? null : new Date(work.ctx.clock.now().getTime() + retryAfterSeconds * 1000);
  const data = { resume, reference, pendingMessage: message, pendingMovesNext: movesNext, askAgainAt, unavailableSince: null };
  const result = await stepWaits(work, wait, async (tx) => {
    await tx.certificateOrder.updateMany({ where: { id: row.id, state: 'open' }, data });
    await noteKept(tx, issuer, { ...row, reference });
  });
  await lookAtKept(work.ctx, issuer, { ...row, reference }, work.signal);
  return { certificate: null, result };
}

/** An issuer that has nothing to wait for, but for what it must go on from to be stored, is asked on in the same breath: so often at most. */
const mostBreaths = 4;

async function askAtOnce(work: Work, subject: Subject, issuer: CertificateIssuer, row: FittingOrder): Promise<Asked> {
  let progress = await ask(work, subject, issuer, row);
  for (let breath = 1; progress.outcome === 'pending' && progress.retryAfterSeconds === 0 && breath < mostBreaths; breath += 1) {
    const { resume, reference } = progress;
    await transact(work.ctx.db, async (tx) => {
      await writeOperation(tx, work.claim, { step: work.step });
      await tx.certificateOrder.updateMany({ where: { id: row.id, state: 'open' }, data: { resume, reference } });
      await noteKept(tx, issuer, { ...row, reference });
    });
    progress = await ask(work, subject, issuer, { ...row, resume, reference });
  }
  return progress;
}

/** What an order waits for whose issuer named a time that has not come, whoever hurries the work; null: it may be asked on. */
function notYet({ askAgainAt, pendingMessage, pendingMovesNext, issuer }: FittingOrder, now: Date) {
  if (askAgainAt === null || askAgainAt <= now) return null;
  return {
    message: pendingMessage ?? `${issuer.name} has the order.`,
    movesNext: pendingMovesNext ?? theIssuer,
    seconds: (askAgainAt.getTime() - now.getTime()) / 1000,
  };
}

type Issued = Extract<Progress, { outcome: 'issued' }> & { readonly facts: IssuedFacts };
type Asked = Issued | Extract<Progress, { outcome: 'pending' }>;

/** An order that is refused for good is closed; what the issuer said of it last is kept, whatever came of it. */
async function ask(work: Work, subject: Subject, issuer: CertificateIssuer, row: FittingOrder): Promise<Asked> {
  const predecessor = await predecessorOf(work.ctx, row, row.issuer.kind);
  const wanted = { id: row.id, lineage: lineageOf(row), names: row.names, csr: row.csr, ...wishesOf(subject), ...predecessor };
  const resume = readStored(storedResume, row.resume, 'certificate_order.resume');
  // One that signs here answers at once.
  if (issuer.authority === undefined) {
    await holdClaim(work);
    // It may be watched for a while: what the step before found is not what is done now.
    const reason = `${row.issuer.name} is asked where the order is.`;
    const now = { step: work.step, reason, movesNext: theIssuer, nextAttemptAt: null };
    await transact(work.ctx.db, (tx) => writeOperation(tx, work.claim, now));
  }
  const said: OrderTrail[] = [];
  try {
    const progress = await issuer.issue(wanted, resume, work.signal, (trail) => said.push(trail));
    return progress.outcome === 'pending' ? progress : { ...progress, facts: readIssued(wanted, progress.chain, work.ctx.clock.now()) };
  } catch (error) {
    if (error instanceof HostmasterError && error.code === 'issuer-refused')
      await transact(work.ctx.db, async (tx) => {
        await writeOperation(tx, work.claim, { step: work.step });
        const closed = { closedAt: work.ctx.clock.now(), refusal: error.message };
        await transition(tx, 'certificateOrder', { id: row.id }, 'refuse', closed);
      });
    throw error;
  } finally {
    const trail = said.at(-1);
    if (trail !== undefined)
      await work.ctx.db.certificateOrder.update({ where: { id: row.id }, data: { trail, trailAt: work.ctx.clock.now() } });
  }
}

/** The same for every order of an endpoint, for as long as it is one team's. */
const lineageOf = ({ endpointId, teamId }: { readonly endpointId: string; readonly teamId: string }): string => `${endpointId} ${teamId}`;

/** What an order has beside its names and its CSR. */
const wishesOf = ({ contract: { tls } }: Subject) => {
  const hours = hoursAskedFor(tls);
  return {
    ...(tls.csr === undefined ? { key: tls.key ?? defaultContractKey } : {}),
    challenge: proofMethodOf(tls),
    ...(hours === null ? {} : { hours }),
    content: contentOf(tls),
  };
};

/** With what is stored beside it: when it is renewed, and what answers whoever asks whether it is revoked. Errors: key-unreadable, issuer-refused. */
const withFollowing = async (work: Work, issuer: CertificateIssuer, row: FittingOrder, issued: Issued) => ({
  ...issued,
  renewAfter: await dueAt(work, issuer, issued.chain[0], issued.facts),
  response: await firstResponse(work.ctx, row.issuer, issuer, issued.facts),
});

async function keep(
  work: Work,
  subject: Subject,
  row: FittingOrder,
  { chain, facts, renewAfter, response, reference = row.reference ?? undefined }: Awaited<ReturnType<typeof withFollowing>>,
  also: InTransaction,
): Promise<Obtained> {
  const { ctx } = work;
  const { serial, notAfter, fingerprint } = facts;
  const now = ctx.clock.now();
  const { id: orderId, endpointId, issuerId, issuer } = row;
  const data = {
    orderId,
    endpointId,
    issuerId,
    ...facts,
    names: [...facts.names],
    renewAfter,
    renewalAskedAt: now,
    chainPem: chainToPem(chain),
    issuedAt: now,
  };
  const message = `Serial ${shortSerial(serial)} from ${issuer.name}, valid until ${endOf(facts)}.`;
  let made: Omit<FittingCertificate, 'order'> | undefined;
  const result = await stepDone(work, message, async (tx) => {
    const closed = await transition(tx, 'certificateOrder', { id: orderId }, 'issue', { closedAt: now, reference: reference ?? null });
    if (closed === 0) throw new HostmasterError('conflict', 'The order was closed meanwhile.');
    made = await tx.certificate.create({ data });
    if (response !== null) await tx.ocspResponse.create({ data: { certificateId: made.id, ...response }, select: { certificateId: true } });
    await also(tx);
    const told = { serial, names: data.names, issuer: issuer.slug, notAfter: notAfter.toISOString(), fingerprint };
    await audit(tx, ctx, 'certificate.issue', { id: made.id, name: subject.endpoint.hostname }, told, now);
  });
  if (made === undefined) throw new HostmasterError('internal', 'The certificate was not stored.');
  return { certificate: { ...made, order: { ...row, reference: reference ?? null } }, result };
}

/** Whenever it says so; of an issuer that says nothing, or cannot say it now, when the lifetime does. */
const dueAt = async ({ ctx, signal }: Work, issuer: CertificateIssuer, leaf: Uint8Array | undefined, facts: IssuedFacts): Promise<Date> =>
  (leaf === undefined ? null : await wantedRenewal(ctx, issuer, leaf, signal)) ?? renewalDueAt(facts);
