import type { PasswordLink } from '@hostmaster/core/contract/person';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { personOf } from '@hostmaster/db/person';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { makeLink } from './link.ts';
import { stateOf } from './present.ts';

/**
 * A new link for somebody: to be let in, where they cannot sign in yet, else to set their password anew. Their older ones end.
 * Errors: forbidden, not-found, person-disabled.
 */
export async function renewLink(ctx: Ctx, { id }: { readonly id: string }): Promise<PasswordLink> {
  authorize(ctx.actor, 'person.manage');
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const person = await personOf(tx, id);
    if (person === null) throw new HostmasterError('not-found', `There is no person ${id}.`);
    const state = stateOf(person);
    if (state === 'disabled') throw new HostmasterError('person-disabled', `${person.name} is disabled, so a link would let nobody in.`);
    const link = await makeLink(tx, ctx, person, state === 'invited' ? 'invitation' : 'reset', now);
    await audit(tx, ctx, 'person.make-link', { id, name: person.email }, { purpose: link.purpose, until: link.expiresAt }, now);
    return link;
  });
}
