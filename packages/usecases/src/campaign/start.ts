import { campaignPlanHash } from '@hostmaster/core/campaign/plan-hash';
import type { Campaign, CampaignInput } from '@hostmaster/core/contract/campaign';
import { hour } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { minuteOf } from '@hostmaster/core/said-time';
import { asJson } from '@hostmaster/db/json';
import { transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { z } from 'zod';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { answeringOf, asker } from '../request/asker.ts';
import { readStored } from '../stored-json.ts';
import { timestampOf } from '../timestamp.ts';
import { refuse } from '../violation.ts';
import { begunAlone, holdBegun, needsSecond } from './four-eyes.ts';
import { asScope, planOf } from './plan.ts';
import { actionOf, campaignName, noCampaign, readCampaign, reasonOf, type StoredCampaign, scopeOf } from './present.ts';

/** So long what was shown may be started. */
const planLasts = hour;

/**
 * Starts a campaign, or proposes it, where a second person has to start it: nothing is taken up before.
 * Errors: forbidden; invalid-input (a plan from the future, or an old one, or a scope that names what is not there); plan-changed (another
 * scope was shown); conflict (nothing is in it, or it was started already).
 */
export async function startCampaign(ctx: Ctx, input: CampaignInput): Promise<Campaign> {
  authorize(ctx.actor, 'campaign.run');
  const now = ctx.clock.now();
  const asOf = new Date(input.asOf);
  const age = now.getTime() - asOf.getTime();
  if (age < 0 || age > planLasts)
    refuse([
      {
        rule: 'campaign-times',
        path: 'asOf',
        reason: age < 0 ? 'The plan is from the future.' : `The plan is from ${minuteOf(asOf)}, longer than an hour ago.`,
        remedy: 'Plan it again, and start what is shown then.',
      },
    ]);
  const plan = await planOf(ctx, input, asOf);
  if (plan.hash !== input.planHash) throw changed();
  const planned = { planHash: plan.hash, asOf };
  await refuseBegun(ctx, planned);
  if (plan.total === 0) throw new HostmasterError('conflict', 'No valid certificate is in the scope of the campaign; nothing is started.');
  const { action, reason = null, comment, pace } = input;
  const { actor } = ctx;
  const data = {
    ...{ action, reason, comment, pace, ...planned, planned: plan.total },
    scope: asJson(asScope(input.scope)),
    ...asker(actor),
    createdAt: now,
    movedAt: now,
    movedBy: actor.name,
  };
  return transact(ctx.db, async (tx) => {
    await holdBegun(tx, ctx);
    const fourEyes = needsSecond({ action, others: plan.others, begun: await begunAlone(tx, ctx) });
    const begins = fourEyes
      ? { fourEyes, state: 'proposed' as const }
      : { fourEyes, state: 'running' as const, starterId: actor.id, starterName: actor.name, startedAt: now };
    const row = await tx.campaign.create({ data: { ...data, ...begins } });
    const after = await readCampaign(ctx, tx, row.id);
    await audit(tx, ctx, fourEyes ? 'campaign.propose' : 'campaign.start', subjectOf(row), factsOf(row), now);
    return after;
  }).catch(async (error: unknown) => {
    // As the database says it: the same plan was started at the same moment.
    if (error instanceof HostmasterError && error.code === 'already-exists') await refuseBegun(ctx, planned, error);
    throw error;
  });
}

/** A plan starts once: whoever sends it again, or was shown it as well, is told which campaign it began. Errors: conflict. */
async function refuseBegun(ctx: Ctx, planHash_asOf: { readonly planHash: string; readonly asOf: Date }, cause?: unknown): Promise<void> {
  const begun = await ctx.db.campaign.findUnique({ where: { planHash_asOf }, select: { id: true, state: true } });
  if (begun === null) return;
  const message = `This plan began the campaign ${begun.id} already, which is ${begun.state}. Look at that one; for another one, plan again.`;
  throw new HostmasterError('conflict', message, { cause });
}

/**
 * Starts one that waits for a second person: its scope stays as it was planned.
 * Errors: forbidden, self-review, not-found, plan-changed (another one was shown), conflict (it does not wait for that).
 */
export async function startProposedCampaign(
  ctx: Ctx,
  { id, planHash }: { readonly id: string; readonly planHash: string },
): Promise<Campaign> {
  const now = ctx.clock.now();
  const row = await ctx.db.campaign.findUnique({ where: { id } });
  if (row === null) {
    authorize(ctx.actor, 'campaign.run');
    throw noCampaign(id);
  }
  authorize(ctx.actor, 'campaign.start', { answering: answeringOf(row) });
  if (
    row.planHash !== planHash ||
    campaignPlanHash({ action: actionOf(row), reason: reasonOf(row), scope: scopeOf(row), asOf: row.asOf }) !== planHash
  )
    throw changed();
  const { actor } = ctx;
  return transact(ctx.db, async (tx) => {
    const data = { starterId: actor.id, starterName: actor.name, startedAt: now, movedAt: now, movedBy: actor.name };
    if ((await transition(tx, 'campaign', { id }, 'start', data)) === 0)
      throw new HostmasterError('conflict', 'The campaign does not wait to be started.');
    const after = await readCampaign(ctx, tx, id);
    await audit(tx, ctx, 'campaign.start', subjectOf(row), factsOf(row), now);
    return after;
  });
}

const changed = (): HostmasterError =>
  new HostmasterError('plan-changed', 'What would be started is not what was shown. Plan it again, and look at it.');

const facts = z.record(z.string(), z.json());
const subjectOf = (row: StoredCampaign) => ({ id: row.id, name: campaignName(row) });

const factsOf = (row: StoredCampaign) => ({
  action: actionOf(row),
  reason: row.reason,
  scope: readStored(facts, row.scope, 'campaign.scope'),
  comment: row.comment,
  pace: row.pace,
  asOf: timestampOf(row.asOf),
  planHash: row.planHash,
  planned: row.planned,
});
