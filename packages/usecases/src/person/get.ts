import type { Person } from '@hostmaster/core/contract/person';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { personOf } from '@hostmaster/db/person';
import type { Ctx } from '../context.ts';
import { sessionsOf } from '../session/present.ts';
import { timestampOf } from '../timestamp.ts';
import { presentPerson } from './present.ts';

/** Somebody with their sessions and the link that still counts, which itself was shown once. Errors: forbidden, not-found. */
export async function getPerson(ctx: Ctx, { id }: { readonly id: string }): Promise<Person> {
  authorize(ctx.actor, 'person.manage');
  const now = ctx.clock.now();
  const [person, sessions, link] = await Promise.all([
    personOf(ctx.db, id),
    sessionsOf(ctx.db, id, now),
    ctx.db.passwordLink.findFirst({
      where: { personId: id, usedAt: null, endedAt: null, expiresAt: { gt: now } },
      orderBy: { createdAt: 'desc' },
      omit: { hash: true },
    }),
  ]);
  if (person === null) throw new HostmasterError('not-found', `There is no person ${id}.`);
  return {
    ...presentPerson(person),
    sessions,
    link:
      link === null || person.disabled_at !== null
        ? null
        : { purpose: link.purpose, createdAt: timestampOf(link.createdAt), expiresAt: timestampOf(link.expiresAt) },
  };
}
