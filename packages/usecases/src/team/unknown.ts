import { may } from '@hostmaster/core/policy/authorize';
import type { Ctx } from '../context.ts';

/** Whether there is no such team and the actor may know: whoever may not read teams is not told which there are. */
export const isUnknownTeam = async ({ actor, db }: Ctx, slug: string): Promise<boolean> =>
  may(actor, 'team.read') && (await db.team.count({ where: { slug } })) === 0;
