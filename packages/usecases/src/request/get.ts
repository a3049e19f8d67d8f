import type { Request } from '@hostmaster/core/contract/request';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { Ctx } from '../context.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { readContract } from '../stored-columns.ts';
import { loadRequest, loadTakingBack, presentRequest } from './present.ts';
import { propose } from './propose.ts';

/** One request; while it is in review also the plan as it would be made now, where that differs. Errors: not-found, forbidden. */
export async function getRequest(ctx: Ctx, { id }: { readonly id: string }): Promise<Request> {
  authorize(ctx.actor, 'request.read');
  return answerRequest(ctx, id);
}

/** The same for whoever was just allowed to act on it: what was done is answered, also to a token that may not read others. */
export async function answerRequest(ctx: Ctx, id: string): Promise<Request> {
  const [row, workforce] = await Promise.all([loadRequest(ctx.db, id), readWorkforce(ctx.db)]);
  if (row === null) throw new HostmasterError('not-found', `There is no request ${id}.`);
  if (row.state !== 'in-review') {
    const takingBack = await loadTakingBack(ctx.db, row);
    return presentRequest(ctx.actor, row, { workforce, currentPlan: null, takingBack });
  }
  const now = await propose(ctx, { kind: row.kind, contract: readContract(row.contract) }, { requestId: id });
  const plan = now.completed?.plan ?? null;
  const currentPlan = plan === null || plan.hash === row.planHash ? null : plan;
  return presentRequest(ctx.actor, row, { workforce, currentPlan, takingBack: null });
}
