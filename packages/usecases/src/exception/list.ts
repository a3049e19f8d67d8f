import type { exceptionList } from '@hostmaster/core/contract/exception';
import { authorize } from '@hostmaster/core/policy/authorize';
import { exceptableRules } from '@hostmaster/core/policy/exceptable';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { presentException } from './present.ts';

/** Those that are in force and the latest that have ended. */
const most = 1_000;

/** Exceptions, the longest lasting first, and the rules that one may lift. Errors: forbidden. */
export async function listExceptions(ctx: Ctx): Promise<z.output<typeof exceptionList>> {
  authorize(ctx.actor, 'exception.read');
  const rows = await ctx.db.policyException.findMany({ orderBy: [{ until: 'desc' }, { id: 'asc' }], take: most });
  return { rows: rows.map(presentException), rules: exceptableRules.map(({ name, describe }) => ({ name, holds: describe })) };
}
