import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { lockDestination } from '@hostmaster/db/delivery';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { readDestination } from './present.ts';
import { factsOf } from './settings.ts';

/**
 * Removes a destination that no cluster is attached to and that holds nothing of ours any more, with its secret: what was delivered there
 * is taken back with it. One that is gone for good is abandoned, and what was there forgotten.
 * Errors: forbidden, not-found, in-use with what is there.
 */
export async function removeDestination(ctx: Ctx, { id, abandon }: { readonly id: string; readonly abandon: boolean }): Promise<void> {
  authorize(ctx.actor, 'destination.remove');
  await transact(ctx.db, async (tx) => {
    // What a worker is about to deliver there is waited for and seen.
    await lockDestination(tx, id);
    const destination = await readDestination(tx, id);
    const { slug, clusters } = destination;
    if (clusters.length > 0)
      throw new HostmasterError('in-use', `The destination ${slug} is attached to ${clusters.join(', ')}. Detach it there first.`);
    const left = await tx.delivery.count({ where: { destinationId: id } });
    if (left > 0 && !abandon)
      throw new HostmasterError(
        'in-use',
        `The destination ${slug} holds certificates of ${left === 1 ? 'a name' : `${left} names`}, which are taken back within minutes of the detaching. Where it is gone for good, abandon it: they are forgotten then.`,
      );
    await audit(tx, ctx, 'destination.remove', { id, name: slug }, { settings: factsOf(destination), left });
    await tx.delivery.deleteMany({ where: { destinationId: id } });
    await tx.destination.delete({ where: { id }, select: { id: true } });
  });
}
