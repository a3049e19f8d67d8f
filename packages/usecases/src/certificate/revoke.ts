// Revocation by hand. The portal writes no certificate: it keeps what somebody wants and why, and a worker acts on it
// (reconcile/revoke-asked.ts).
import type { certificateRevocation } from '@hostmaster/core/contract/certificate';
import type { Operation } from '@hostmaster/core/contract/operation';
import { HostmasterError } from '@hostmaster/core/errors';
import { parseCsr } from '@hostmaster/core/pki/csr';
import type { RevocationReason } from '@hostmaster/core/pki/issuer';
import { keyFingerprint } from '@hostmaster/core/pki/key-policy';
import { isBrought } from '@hostmaster/core/pki/source-traits';
import { authorize } from '@hostmaster/core/policy/authorize';
import { minuteOf } from '@hostmaster/core/said-time';
import type { Reader } from '@hostmaster/db/client';
import { lockOf } from '@hostmaster/db/locks';
import { hurryOperation } from '@hostmaster/db/operation';
import { askedRevocations } from '@hostmaster/db/revocation-request';
import { transact } from '@hostmaster/db/transaction';
import type { z } from 'zod';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { presentOperation } from '../operation/present.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { endpointSubject, startReconcile } from '../reconcile/start.ts';
import { findCertificate } from './find.ts';

/**
 * Errors: not-found, forbidden, conflict (it has expired, or is revoked already), already-exists (somebody asked already; others may
 * still say that the key is compromised).
 */
export async function revokeCertificate(ctx: Ctx, input: z.output<typeof certificateRevocation>): Promise<Operation> {
  const { id, serial, endpointId, endpoint, orderId } = await findCertificate(ctx.db, input.serial);
  authorize(ctx.actor, 'certificate.revoke', { team: endpoint.team.slug });
  const { reason, comment } = input;
  const now = ctx.clock.now();
  const about = await ctx.db.endpoint.findUniqueOrThrow({
    where: { id: endpointId },
    select: { hostname: true, view: true, zoneId: true },
  });
  const subject = endpointSubject(about);
  const workforce = await readWorkforce(ctx.db);
  return transact(ctx.db, async (tx) => {
    // Of two who ask at once, the second sees what the first wrote.
    await lockOf(tx, 'revocation', id);
    await requireRevocable(tx, id, now);
    await requireNotAsked(tx, { id, serial, endpointId }, reason, now);
    const asker = { askerId: ctx.actor.id, askerName: ctx.actor.name, askedAt: now };
    const key = reason === 'keyCompromise' ? await requestersKey(tx, orderId) : null;
    await tx.revocationRequest.create({ data: { certificateId: id, reason, comment, compromisedKey: key, ...asker } });
    const wish = { purpose: 'revocation' as const, ...about, endpointId, reason: 'Somebody asked to revoke a certificate.' };
    // Every work on the endpoint looks first what is to be revoked.
    const operation = (await startReconcile(tx, wish, now)) ?? (await hurryOperation(tx, subject));
    if (operation === null) throw new HostmasterError('conflict', `Work on ${about.hostname} ended a moment ago; ask once more.`);
    await audit(tx, ctx, 'certificate.ask-revocation', { id, name: about.hostname }, { serial, reason, comment }, now);
    return presentOperation(operation, workforce);
  });
}

async function requireRevocable(tx: Reader, id: string, now: Date): Promise<void> {
  const { serial, state, revokedAt, notAfter } = await tx.certificate.findUniqueOrThrow({ where: { id } });
  if (state === 'revoked') {
    const since = revokedAt === null ? '' : ` since ${minuteOf(revokedAt)}`;
    throw new HostmasterError('conflict', `The certificate ${serial} is revoked already${since}; nothing is left to do.`);
  }
  if (notAfter <= now)
    throw new HostmasterError('conflict', `The certificate ${serial} expired at ${minuteOf(notAfter)}: nobody trusts it any more.`);
}

type Certificate = { readonly id: string; readonly serial: string; readonly endpointId: string };

async function requireNotAsked(tx: Reader, { id, serial, endpointId }: Certificate, reason: RevocationReason, now: Date): Promise<void> {
  const asked = (await askedRevocations(tx, endpointId, now)).find(({ certificateId }) => certificateId === id);
  if (asked === undefined || (reason === 'keyCompromise' && asked.reason !== 'keyCompromise')) return;
  throw new HostmasterError(
    'already-exists',
    `${asked.by} asked at ${minuteOf(asked.at)} to revoke the certificate ${serial}, for ${asked.reason}; it is being done.`,
  );
}

/** The fingerprint of a key that somebody else made; null where Hostmaster or the issuer did, which use no key twice. */
async function requestersKey(tx: Reader, orderId: string): Promise<string | null> {
  const select = { keyId: true, csr: true, issuer: { select: { kind: true } } };
  const { keyId, csr, issuer } = await tx.certificateOrder.findUniqueOrThrow({ where: { id: orderId }, select });
  return csr !== null && (keyId === null || isBrought(issuer.kind)) ? keyFingerprint(parseCsr(csr).publicKey) : null;
}
