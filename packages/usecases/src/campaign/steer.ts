// Holding a campaign, letting it go on, ending it, and how fast it goes. Whatever was taken up goes on in any case: those are wishes
// of their own.
import { campaignMachine } from '@hostmaster/core/campaign/state';
import type { Campaign } from '@hostmaster/core/contract/campaign';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { campaignName, noCampaign, readCampaign, stateOf } from './present.ts';

type Which = { readonly id: string };

/** Takes nothing more up until it goes on. Errors: forbidden, not-found, conflict (it does not run). */
export const pauseCampaign = (ctx: Ctx, { id }: Which): Promise<Campaign> => move(ctx, id, 'pause');

/** Errors: forbidden, not-found, conflict (it is not paused). */
export const resumeCampaign = (ctx: Ctx, { id }: Which): Promise<Campaign> => move(ctx, id, 'resume');

/** For good. Errors: forbidden, not-found, conflict (it is over). */
export const stopCampaign = (ctx: Ctx, { id }: Which): Promise<Campaign> => move(ctx, id, 'stop');

async function move(ctx: Ctx, id: string, event: 'pause' | 'resume' | 'stop'): Promise<Campaign> {
  authorize(ctx.actor, 'campaign.run');
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const before = await tx.campaign.findUnique({ where: { id } });
    if (before === null) throw noCampaign(id);
    campaignMachine.advance(stateOf(before), event);
    // A round that is under way ends first.
    const moved = await transition(tx, 'campaign', { id }, event, { movedAt: now, movedBy: ctx.actor.name });
    if (moved === 0) throw new HostmasterError('conflict', 'The campaign was moved a moment ago; look at it again.');
    const after = await readCampaign(ctx, tx, id);
    await audit(tx, ctx, `campaign.${event}`, { id, name: campaignName(before) }, {}, now);
    return after;
  });
}

/** From the next round on. Errors: forbidden, not-found, conflict (it is over). */
export async function setCampaignPace(ctx: Ctx, { id, pace }: Which & { readonly pace: number }): Promise<Campaign> {
  authorize(ctx.actor, 'campaign.run');
  return transact(ctx.db, async (tx) => {
    const before = await tx.campaign.findUnique({ where: { id } });
    if (before === null) throw noCampaign(id);
    const open = { state: { in: ['proposed', 'running', 'paused'] } };
    if ((await tx.campaign.updateMany({ where: { id, ...open }, data: { pace } })).count === 0)
      throw new HostmasterError('conflict', `The campaign is ${before.state}; it has no pace any more.`);
    const after = await readCampaign(ctx, tx, id);
    await audit(tx, ctx, 'campaign.set-pace', { id, name: campaignName(before) }, { before: before.pace, after: pace });
    return after;
  });
}
