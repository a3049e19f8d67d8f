// The certificates of a name that ends, and those that were replaced and must not stay valid: each is revoked, or it is kept who
// refused to and why. An issuer that cannot be asked now is
// waited for until it can, or until the certificate has expired.

import { day } from '@hostmaster/core/duration';
import { asHostmasterError, HostmasterError } from '@hostmaster/core/errors';
import { issuerOperator } from '@hostmaster/core/operation/moves-next';
import type { CertificateState } from '@hostmaster/core/pki/certificate-state';
import { splitPem } from '@hostmaster/core/pki/chain';
import type { RevocationReason } from '@hostmaster/core/pki/issuer';
import { dayOf } from '@hostmaster/core/said-time';
import type { Tx } from '@hostmaster/db/client';
import { holdersOf } from '@hostmaster/db/held-name';
import { writeOperation } from '@hostmaster/db/operation';
import { standingBeside } from '@hostmaster/db/standing-certificate';
import { unrevoked } from '@hostmaster/db/state-lists';
import { transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import { daysForNewKey, isLetGo, orderedFor, reasonToRevoke, revokedAtLast } from '../certificate/fitting.ts';
import { publishAtOnce } from '../certificate/publish-at-once.ts';
import { shortSerial } from './order.ts';
import { startReconcile } from './start.ts';
import { holdClaim, type Work } from './step.ts';
import type { Subject } from './subject.ts';

/** What somebody could still present, superseded certificates included. */
const stillValid = ({ ctx }: Work, { endpoint }: Subject) => ({
  endpointId: endpoint.id,
  notAfter: { gt: ctx.clock.now() },
  state: { in: unrevoked },
});

export const loaded = {
  issuer: true,
  order: { select: orderedFor },
  endpoint: { select: { id: true, hostname: true, view: true, zoneId: true, state: true } },
} as const;

const load = (work: Work, subject: Subject, state: CertificateState | undefined) =>
  work.ctx.db.certificate.findMany({
    where: { AND: [stillValid(work, subject), state === undefined ? {} : { state }], revocationRefusal: null },
    include: loaded,
    orderBy: [{ issuedAt: 'asc' }, { id: 'asc' }],
  });
type Loaded = Awaited<ReturnType<typeof load>>[number];
export type Revocable = Loaded & {
  readonly reason: RevocationReason /** Somebody wants it. */;
  readonly asked?: { readonly by: string; readonly comment: string };
};

/** Every certificate of a name that ends. @returns how many stay valid because their issuer refused. Errors: as of `revoke`. */
export async function revokeAll(work: Work, subject: Subject): Promise<number> {
  const all = await load(work, subject, undefined);
  await revoke(
    work,
    all.map((certificate) => ({ ...certificate, reason: 'cessationOfOperation' })),
  );
  return work.ctx.db.certificate.count({ where: { ...stillValid(work, subject), revocationRefusal: { not: null } } });
}

/** What was replaced and must not stay valid: another team's, for another name, with another's key. Errors: as of `revoke`. */
export async function revokeReplaced(work: Work, subject: Subject): Promise<void> {
  const replaced = await load(work, subject, 'superseded');
  const wanted = replaced.flatMap((certificate) => {
    const reason = reasonToRevoke(certificate.order, subject.contract);
    return reason === null ? [] : [{ ...certificate, reason }];
  });
  await revoke(work, wanted);
}

/** A certificate that is revoked then, whatever is seen until then. */
export type Outlived = { readonly serial: string; readonly at: Date };

/**
 * What is for a team or a name that the contract no longer has, once there is a certificate in its place: whether that one is seen
 * is in the hands of whoever would like to keep the other. Where a requester's key is not wanted any more, the team has some days to
 * install another. An issuer that cannot be asked now is asked again with what was replaced.
 * @returns those whose days are not over
 */
export async function revokeLetGo(work: Work, subject: Subject, inPlace: { readonly id: string }): Promise<readonly Outlived[]> {
  // Before the first change there is nothing that could have been let go.
  if (subject.revision === 1) return [];
  const unwanted = (await load(work, subject, undefined)).flatMap((certificate) => {
    const reason = certificate.id === inPlace.id ? null : reasonToRevoke(certificate.order, subject.contract);
    return reason === null ? [] : [{ ...certificate, reason, at: isLetGo(reason) ? certificate.issuedAt : null }];
  });
  const dated = unwanted.every(({ at }) => at !== null) ? unwanted : await withLastDays(work, subject, unwanted);
  const now = work.ctx.clock.now();
  await unlessLater(() =>
    revoke(
      work,
      dated.filter(({ at }) => at !== null && at <= now),
    ),
  );
  return dated.flatMap(({ serial, at }) => (at !== null && at > now ? [{ serial, at }] : []));
}

/**
 * What another team had for the name, where nothing has taken its place for as long as a team has for installing another: a name that went
 * to a team which gets no certificate for it is still not the giver's to speak for. An issuer that cannot be asked now is asked again.
 */
export async function revokeUnreplaced(work: Work, subject: Subject): Promise<void> {
  const { approvedAt, contract, revision } = subject;
  if (revision === 1 || approvedAt.getTime() + daysForNewKey * day > work.ctx.clock.now().getTime()) return;
  const wanted = (await load(work, subject, undefined)).flatMap((certificate) => {
    const reason = reasonToRevoke(certificate.order, contract);
    return reason === 'affiliationChanged' ? [{ ...certificate, reason }] : [];
  });
  await unlessLater(() => revoke(work, wanted));
}

async function withLastDays<T extends Revocable & { readonly at: Date | null }>({ ctx }: Work, { endpoint }: Subject, all: readonly T[]) {
  const lineage = await ctx.db.certificate.findMany({
    where: { endpointId: endpoint.id },
    select: { issuedAt: true, order: { select: { keyId: true, csr: true } } },
  });
  return all.map((one) => ({ ...one, at: one.at ?? revokedAtLast(one, lineage) }));
}

/**
 * What is for a name that another team has by now, at once: there need not be another certificate for what is left.
 * @returns whether there was any
 */
export async function revokeLost(work: Work, subject: Subject): Promise<boolean> {
  const all = await load(work, subject, undefined);
  const holders = all.length === 0 ? [] : await holdersOf(work.ctx.db, [...new Set(all.flatMap(({ names }) => names))]);
  const lost = new Set(holders.flatMap(({ name, team }) => (team === subject.endpoint.team ? [] : [name])));
  const wanted = all.flatMap((certificate) =>
    certificate.names.some((name) => lost.has(name)) ? [{ ...certificate, reason: 'cessationOfOperation' as const }] : [],
  );
  await unlessLater(() => revoke(work, wanted));
  return wanted.length > 0;
}

/**
 * What other teams had for a name that the endpoint has now, and have no more: whoever has a name is the only one who can speak for it,
 * however they came to it. The policy waits for it where it can (certificate-stands). An issuer that cannot be asked now is asked again
 * with the next work on the endpoint.
 */
export async function revokeStanding(work: Work, subject: Subject): Promise<void> {
  const { db, clock } = work.ctx;
  const ids = await standingBeside(db, { id: subject.endpoint.id, teamId: subject.endpoint.teamId }, subject.names, clock.now());
  if (ids.length === 0) return;
  const standing = await db.certificate.findMany({ where: { id: { in: ids } }, include: loaded });
  await unlessLater(() =>
    revoke(
      work,
      standing.map((certificate) => ({ ...certificate, reason: 'cessationOfOperation' })),
    ),
  );
  // It has no certificate then, and orders one for the names that it has, or says which of them it has lost.
  const others = new Map(standing.map(({ endpoint }) => [endpoint.id, endpoint]));
  const reason = `Its certificate was revoked: team ${subject.endpoint.team} has a name that was on it.`;
  for (const { id: endpointId, hostname, view, zoneId, state } of others.values())
    if (state !== 'retired')
      await transact(db, (tx) => startReconcile(tx, { purpose: 'renewal', hostname, view, zoneId, endpointId, reason }, clock.now()));
}

/** What waits for an issuer that cannot be asked now is tried again by the next work on the endpoint. */
export async function unlessLater(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof HostmasterError) || !error.kind.retryable) throw error;
  }
}

/**
 * Each outcome is stored as soon as it is known, so that no issuer is asked twice about what it did or refused for good.
 * Errors: those of an issuer that cannot be asked now, once all others were.
 */
export async function revoke(work: Work, certificates: readonly Revocable[]): Promise<void> {
  let postponed: HostmasterError | null = null;
  for (const certificate of certificates) {
    const error = await tellIssuer(work, certificate);
    if (error === null) await keep(work, (tx, now) => revoked(tx, work, certificate, now));
    else if (error.kind.retryable) postponed ??= waitsFor(certificate, error);
    else await keep(work, (tx, now) => refused(tx, work, certificate, error, now));
  }
  if (postponed !== null) throw postponed;
}

/** @returns why it is not revoked; null: it is, or stands in the list that its issuer signs here next. */
async function tellIssuer(work: Work, { issuer: row, chainPem, reason }: Revocable): Promise<HostmasterError | null> {
  await holdClaim(work);
  try {
    const issuer = await work.ctx.issuer(row);
    const { revoke } = issuer.capabilities;
    if (issuer.authority === undefined && revoke !== true && revoke !== undefined)
      return new HostmasterError('unsupported', `${row.name} revokes nothing for Hostmaster: ${revoke.no}.`);
    const [leaf] = splitPem(chainPem);
    if (leaf !== undefined) await issuer.revoke?.(leaf, reason, work.signal);
    return null;
  } catch (error) {
    work.signal.throwIfAborted();
    return asHostmasterError(error);
  }
}

function waitsFor({ serial, issuer, notAfter }: Revocable, error: HostmasterError): HostmasterError {
  const given = `The certificate ${shortSerial(serial)} is not revoked yet: ${error.message}`;
  const message = `${given} ${issuer.name} is asked again until it revokes it, or until it expires on ${dayOf(notAfter)}.`;
  return new HostmasterError(error.code === 'internal' ? 'issuer-unavailable' : error.code, message, {
    cause: error,
    movesNext: issuerOperator(issuer.name),
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
  });
}

const keep = ({ ctx, claim, step }: Work, write: (tx: Tx, now: Date) => Promise<void>): Promise<void> =>
  transact(ctx.db, async (tx) => {
    await writeOperation(tx, claim, { step });
    await write(tx, ctx.clock.now());
  });

async function revoked(tx: Tx, { ctx }: Work, { id, issuer, endpoint, serial, reason, asked }: Revocable, now: Date): Promise<void> {
  const moved = await transition(tx, 'certificate', { id }, 'revoke', { revokedAt: now, revocationReason: reason });
  const told = { serial, reason, ...(asked === undefined ? {} : { askedBy: asked.by, comment: asked.comment }) };
  if (moved === 0) return;
  await publishAtOnce(tx, { id, serial, issuerId: issuer.id }, now);
  await audit(tx, ctx, 'certificate.revoke', { id, name: endpoint.hostname }, told, now);
}

/** It is in use no more, so that the name, should it come back, gets a certificate of its own. */
async function refused(
  tx: Tx,
  { ctx }: Work,
  { id, endpoint, serial, issuer, notAfter }: Revocable,
  { code, message }: HostmasterError,
  now: Date,
): Promise<void> {
  await transition(tx, 'certificate', { id }, 'supersede');
  await tx.certificate.update({ where: { id }, data: { revocationRefusal: message, revocationRefusedAt: now } });
  const told = { serial, issuer: issuer.slug, code, reason: message, notAfter: notAfter.toISOString() };
  await audit(tx, ctx, 'certificate.refuse-revocation', { id, name: endpoint.hostname }, told, now);
}
