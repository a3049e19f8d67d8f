import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { requireConnected } from './connected.ts';
import { noIssuer } from './get.ts';
import { readIssuer } from './present.ts';

type Which = { readonly id: string };

/**
 * Stops an issuer: nothing new is ordered from it. Orders that are open go on, and what it has signed stays and is revoked through it.
 * Errors: forbidden, not-found, unsupported (made here), conflict (it was stopped before).
 */
export const stopIssuer = (ctx: Ctx, { id }: Which): Promise<IssuerRow> => turn(ctx, id, 'issuer.stop');

/** Takes that back. Errors: as of `stopIssuer`; conflict where it is not stopped. */
export const resumeIssuer = (ctx: Ctx, { id }: Which): Promise<IssuerRow> => turn(ctx, id, 'issuer.resume');

async function turn(ctx: Ctx, id: string, act: 'issuer.stop' | 'issuer.resume'): Promise<IssuerRow> {
  authorize(ctx.actor, 'issuer.stop');
  const now = ctx.clock.now();
  const stops = act === 'issuer.stop';
  return transact(ctx.db, async (tx) => {
    const { slug } = requireConnected(await readIssuer(tx, ctx.issuerKinds, id, now), id);
    const { count } = await tx.issuer.updateMany({
      where: { id, stoppedAt: stops ? null : { not: null } },
      data: { stoppedAt: stops ? now : null },
    });
    if (count === 0)
      throw new HostmasterError('conflict', stops ? `The issuer ${slug} was stopped already.` : `The issuer ${slug} is not stopped.`);
    await audit(tx, ctx, act, { id, name: slug }, {}, now);
    const after = await readIssuer(tx, ctx.issuerKinds, id, now);
    if (after === null) throw noIssuer(id);
    return after;
  });
}
