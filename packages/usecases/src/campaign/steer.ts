// Holding a campaign, letting it go on, ending it, and how fast it goes. Whatever was taken up goes on in any case: those are wishes
// of their own.
import { campaignMachine, pacedCampaignStates } from '@hostmaster/core/campaign/state';
import type { Campaign } from '@hostmaster/core/contract/campaign';
import { HostmasterError } from '@hostmaster/core/errors';
import { answererOf, answersFor } from '@hostmaster/core/policy/answerer';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { answeringOf } from '../request/asker.ts';
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

/**
 * From the next round on. What waits for a second person keeps the pace that they are shown; afterwards whoever answers for it may slow
 * it down, and not make it faster than what was agreed to. Errors: forbidden, not-found, self-review (they would make it faster), conflict
 * (it waits, or is over).
 */
export async function setCampaignPace(ctx: Ctx, { id, pace }: Which & { readonly pace: number }): Promise<Campaign> {
  authorize(ctx.actor, 'campaign.run');
  return transact(ctx.db, async (tx) => {
    const before = await tx.campaign.findUnique({ where: { id } });
    if (before === null) throw noCampaign(id);
    if (before.state === 'proposed')
      throw new HostmasterError(
        'conflict',
        'The campaign waits for a second person, who is shown its pace. Change it once it is started, or stop it and plan another one.',
      );
    const slowerOnly = before.fourEyes && answersFor(answererOf(ctx.actor), answeringOf(before));
    if (slowerOnly && pace > before.pace)
      throw new HostmasterError(
        'self-review',
        `A second person started this campaign at ${before.pace} certificates a minute: you may make it slower, and somebody else faster.`,
      );
    const open = { state: { in: [...pacedCampaignStates] } };
    const where = { id, ...open, ...(slowerOnly ? { pace: { gte: pace } } : {}) };
    if ((await tx.campaign.updateMany({ where, data: { pace } })).count === 0)
      throw new HostmasterError(
        'conflict',
        campaignMachine.isFinal(stateOf(before))
          ? `The campaign is ${before.state}; it has no pace any more.`
          : 'The campaign was changed a moment ago; look at it again.',
      );
    const after = await readCampaign(ctx, tx, id);
    if (pace !== before.pace)
      await audit(tx, ctx, 'campaign.set-pace', { id, name: campaignName(before) }, { before: before.pace, after: pace });
    return after;
  });
}
