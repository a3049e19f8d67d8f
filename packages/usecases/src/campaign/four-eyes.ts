// Which revocations two people are needed for. What somebody began alone a moment ago counts, so that a hundred at a time is no way
// round the second person.
import { revokedByOne } from '@hostmaster/core/campaign/state';
import type { CampaignPlan } from '@hostmaster/core/contract/campaign';
import { day } from '@hostmaster/core/duration';
import { answererOf } from '@hostmaster/core/policy/answerer';
import type { Reader, Tx } from '@hostmaster/db/client';
import { lockOf } from '@hostmaster/db/locks';
import type { Ctx } from '../context.ts';
import type { StoredCampaign } from './present.ts';

type Revoking = { readonly action: StoredCampaign['action']; readonly others: CampaignPlan['others']; readonly begun: number };

/** @param begun what they began to revoke alone lately */
export const needsSecond = ({ action, others, begun }: Revoking): boolean =>
  action === 'revoke' && others > 0 && others + begun > revokedByOne;

/** How many certificates were in the campaigns that whoever answers for the actor began alone within a day, and that revoke. */
export async function begunAlone(db: Reader, { actor, clock }: Pick<Ctx, 'actor' | 'clock'>): Promise<number> {
  const answerer = answererOf(actor);
  if (answerer === null) return 0;
  const theirs =
    answerer.kind === 'person'
      ? { OR: [{ answeringPersonId: answerer.id }, { answeringTeamId: { in: [...answerer.teamIds] } }] }
      : { answeringTeamId: answerer.id };
  const since = new Date(clock.now().getTime() - day);
  const { _sum } = await db.campaign.aggregate({
    where: { AND: [theirs, { action: 'revoke', fourEyes: false, createdAt: { gt: since } }] },
    _sum: { planned: true },
  });
  return _sum.planned ?? 0;
}

/** Of two that they begin at once, the second one counts the first. */
export async function holdBegun(tx: Tx, { actor }: Pick<Ctx, 'actor'>): Promise<void> {
  const answerer = answererOf(actor);
  if (answerer !== null) await lockOf(tx, 'campaign', answerer.id);
}
