import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { endSessionsOf } from '../session/end-all.ts';
import { holdPerson } from './last-admin.ts';
import { endLinks } from './link.ts';

type ById = { readonly id: string };

/**
 * Shuts somebody out at once: their sessions and links end, their tokens count for nothing until they are enabled again. Twice is
 * no error. Errors: forbidden, not-found, last-admin.
 */
export async function disablePerson(ctx: Ctx, { id }: ById): Promise<void> {
  authorize(ctx.actor, 'person.manage');
  const now = ctx.clock.now();
  await transact(ctx.db, async (tx) => {
    const person = await tx.person.findFirst({ where: { id }, select: { id: true, name: true, email: true } });
    if (person === null) throw notFound(id);
    await holdPerson(tx, person, false);
    const { count } = await tx.person.updateMany({ where: { id, disabledAt: null }, data: { disabledAt: now } });
    if (count === 0) return;
    const endedSessions = await endSessionsOf(tx, id, now);
    await endLinks(tx, id, now);
    await audit(tx, ctx, 'person.disable', { id, name: person.email }, { endedSessions }, now);
  });
}

/** Lets somebody in again, with what they had; what sessions they had stay ended. Twice is no error. Errors: forbidden, not-found. */
export async function enablePerson(ctx: Ctx, { id }: ById): Promise<void> {
  authorize(ctx.actor, 'person.manage');
  const now = ctx.clock.now();
  await transact(ctx.db, async (tx) => {
    const person = await tx.person.findFirst({ where: { id }, select: { email: true } });
    if (person === null) throw notFound(id);
    const { count } = await tx.person.updateMany({ where: { id, disabledAt: { not: null } }, data: { disabledAt: null } });
    if (count === 0) return;
    await audit(tx, ctx, 'person.enable', { id, name: person.email }, {}, now);
  });
}

const notFound = (id: string): HostmasterError => new HostmasterError('not-found', `There is no person ${id}.`);
