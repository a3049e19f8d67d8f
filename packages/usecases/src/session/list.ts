import type { sessionList } from '@hostmaster/core/contract/person';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { sessionsOf } from './present.ts';

/** The asker's own sessions, the newest first. @param current the one that asks. Errors: forbidden (a token). */
export async function listSessions(ctx: Ctx, current: string | null): Promise<z.output<typeof sessionList>> {
  authorize(ctx.actor, 'account.manage');
  const rows = await sessionsOf(ctx.db, ctx.actor.id, ctx.clock.now());
  return { rows: rows.map((row) => ({ ...row, current: row.id === current })) };
}
