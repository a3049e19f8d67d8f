import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

/** A working day; who is still there signs in again. */
export const sessionSeconds = 12 * 60 * 60;

/** Begins a session of a person who has just proved who they are. */
export function startSession(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  input: {
    readonly personId: string;
    readonly method: 'password' | 'oidc';
    /** In our own words (core/person/browser.ts). */
    readonly browser?: string | null;
    /** Of the client, for the audit trail alone; null where nobody knows it. */
    readonly address?: string | null;
  },
): Promise<{ id: string }> {
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const session = await tx.session.create({
      data: {
        personId: input.personId,
        method: input.method,
        browser: input.browser ?? null,
        createdAt: now,
        expiresAt: new Date(now.getTime() + sessionSeconds * 1000),
      },
      include: { person: { select: { name: true, email: true } } },
    });
    await tx.person.update({ where: { id: input.personId }, data: { lastSignInAt: now } });
    const { name, email } = session.person;
    const actor = { kind: 'person' as const, id: input.personId, name };
    await audit(
      tx,
      { ...ctx, actor, ...(input.address ? { client: { sessionId: session.id, address: input.address } } : {}) },
      'session.start',
      { id: session.id, name: email },
      { method: input.method, address: input.address ?? null },
      now,
    );
    return { id: session.id };
  });
}
