import type { Actor } from '@hostmaster/core/policy/authorize';
import { actorOfSession } from '@hostmaster/db/actor';
import type { Ctx } from '../context.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whose session it is, asked on every request; null where it is revoked, expired or unknown, or its person is disabled. */
export const checkSession = async (ctx: Pick<Ctx, 'db' | 'clock'>, sessionId: string): Promise<Actor | null> =>
  uuid.test(sessionId) ? actorOfSession(ctx.db, sessionId, ctx.clock.now()) : null;
