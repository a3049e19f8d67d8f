// A round of each campaign that runs: the next certificates of its scope are taken up, as many as its pace leaves room for. What is done
// to one is a wish as anybody could write it, a renewal that is due or a revocation that was asked for; other sweeps go on from there.
import { roomFor } from '@hostmaster/core/campaign/pace';
import { minute } from '@hostmaster/core/duration';
import { parseCsr } from '@hostmaster/core/pki/csr';
import { keyFingerprint } from '@hostmaster/core/pki/key-policy';
import { isBrought } from '@hostmaster/core/pki/source-traits';
import { callForRenewal, holdRunning, hurryWorkOn, type NextCertificate, nextInScope, takenSince } from '@hostmaster/db/campaign';
import { isMoving } from '@hostmaster/db/campaign-progress';
import type { Tx } from '@hostmaster/db/client';
import { transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { systemActor } from '../actor.ts';
import { audit, auditAll, eventOf } from '../audit/write.ts';
import { actionOf, campaignName, reasonOf, type StoredCampaign, scopeOf } from '../campaign/present.ts';
import type { Ctx } from '../context.ts';

type Sweeping = Pick<Ctx, 'db' | 'clock'>;

/** @returns how many certificates were taken up */
export async function runCampaigns(ctx: Sweeping): Promise<number> {
  const running = await ctx.db.campaign.findMany({ where: { state: 'running' }, select: { id: true }, orderBy: { startedAt: 'asc' } });
  let taken = 0;
  for (const { id } of running) taken += await transact(ctx.db, (tx) => round(tx, ctx, id));
  return taken;
}

async function round(tx: Tx, { clock }: Sweeping, id: string): Promise<number> {
  const campaign = await holdRunning(tx, id);
  if (campaign === null) return 0;
  const now = clock.now();
  const room = roomFor(campaign.pace, await takenSince(tx, id, new Date(now.getTime() - minute)));
  if (room === 0) return 0;
  const scoped = { ...campaign, action: actionOf(campaign), scope: scopeOf(campaign) };
  const next = await nextInScope(tx, scoped, now, room);
  const last = next.at(-1);
  if (last === undefined) return finishIfDone(tx, clock, campaign, now);
  await tx.campaignCertificate.createMany({ data: next.map((each) => ({ campaignId: id, certificateId: each.id, takenAt: now })) });
  await tx.campaign.update({ where: { id }, data: { afterNotAfter: last.notAfter, afterId: last.id } });
  await wish(tx, campaign, next, now);
  await auditAll(
    tx,
    next.map((certificate) => told(campaign, certificate, now)),
  );
  return next.length;
}

/** Each as if somebody had asked for it alone. */
async function wish(tx: Tx, campaign: StoredCampaign, next: readonly NextCertificate[], now: Date): Promise<void> {
  const { comment, askerId, askerName } = campaign;
  const reason = reasonOf(campaign);
  const ids = next.map(({ id }) => id);
  await hurryWorkOn(tx, ids);
  if (reason === null) {
    await callForRenewal(tx, ids, now);
    return;
  }
  const asked = { reason, comment, askerId, askerName, askedAt: now };
  await tx.revocationRequest.createMany({
    data: next.map(({ id, kind, keyId, csr }) => ({
      certificateId: id,
      ...asked,
      // A key that Hostmaster or the issuer made is used no second time.
      compromisedKey:
        reason === 'keyCompromise' && csr !== null && (keyId === null || isBrought(kind)) ? keyFingerprint(parseCsr(csr).publicKey) : null,
    })),
  });
}

function told({ id: campaign, reason, comment, askerName: askedBy }: StoredCampaign, { id, serial, hostname }: NextCertificate, now: Date) {
  const subject = { id, name: hostname };
  const writer = { actor: systemActor };
  return reason === null
    ? eventOf(writer, 'certificate.ask-replacement', subject, { serial, comment, campaign, askedBy }, now)
    : eventOf(writer, 'certificate.ask-revocation', subject, { serial, reason, comment, campaign, askedBy }, now);
}

/** What waits for people, or was given up, keeps no campaign going. */
async function finishIfDone(tx: Tx, clock: Ctx['clock'], campaign: StoredCampaign, now: Date): Promise<0> {
  const { id } = campaign;
  if (await isMoving(tx, { id, action: actionOf(campaign) }, now)) return 0;
  const takenUp = await tx.campaignCertificate.count({ where: { campaignId: id } });
  if ((await transition(tx, 'campaign', { id }, 'finish', { movedAt: now, movedBy: systemActor.name })) > 0)
    await audit(tx, { actor: systemActor, clock }, 'campaign.finish', { id, name: campaignName(campaign) }, { takenUp }, now);
  return 0;
}
